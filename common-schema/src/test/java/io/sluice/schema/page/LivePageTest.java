package io.sluice.schema.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.admin.AdminServer;
import io.sluice.schema.page.PageDocument.Fault;
import io.sluice.schema.page.PageDocument.Level;
import io.sluice.schema.page.PageDocument.Refusals;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.Telemetry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LivePageTest {

  private static final Pattern SAMPLE = Pattern.compile("\"sample\":(\\d+)");
  private static final String HOSTILE = "<img src=x onerror=alert(1)>\u2028\n";

  private record Details(String tenant) {}

  private final HttpClient client = HttpClient.newHttpClient();
  private final Telemetry telemetry = new Telemetry("sluice-test");
  private final History history = new History().level("looks", () -> 0);
  private final AtomicInteger looks = new AtomicInteger();
  private final List<InputStream> streams = new ArrayList<>();
  private @Nullable AdminServer admin;
  private @Nullable LivePage page;

  private AdminServer open(AdminServer.Guard guard) throws IOException {
    AdminServer opened =
        AdminServer.open(telemetry, BindAddress.parse("127.0.0.1"), 0, "port", null, guard);
    admin = opened;
    LivePage.Subject subject = new LivePage.Subject("Writer", "writer-0");
    page = LivePage.open(opened, telemetry, subject, history, this::look);
    return opened;
  }

  private PageContent look() {
    looks.incrementAndGet();
    return new PageContent(
        List.of(new Fault(Level.BAD, HOSTILE, "what to do")),
        List.of(),
        List.of(),
        new Refusals(0, List.of()),
        new Details(HOSTILE));
  }

  @AfterEach
  void close() throws IOException {
    for (InputStream stream : streams) {
      stream.close();
    }
    if (page != null) {
      page.close();
    }
    if (admin != null) {
      admin.close();
    }
    telemetry.close();
  }

  private static HttpRequest request(AdminServer of, String path, String... headers) {
    URI uri = URI.create("http://127.0.0.1:" + of.port() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(uri);
    return (headers.length == 0 ? request : request.headers(headers)).build();
  }

  private HttpResponse<String> get(AdminServer of, String path, String... headers)
      throws Exception {
    return client.send(request(of, path, headers), BodyHandlers.ofString());
  }

  private BufferedReader follow(AdminServer of, String... headers) throws Exception {
    HttpResponse<InputStream> answer =
        client.send(request(of, "/events", headers), BodyHandlers.ofInputStream());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    streams.add(answer.body());
    return new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
  }

  /** The document of the next event; null: the stream has ended. */
  private static @Nullable String next(BufferedReader events) throws IOException {
    for (String line = events.readLine(); line != null; line = events.readLine()) {
      if (line.startsWith("data: ")) {
        return line.substring(6);
      }
    }
    return null;
  }

  private static long sample(@Nullable String document) {
    Matcher sample = SAMPLE.matcher(String.valueOf(document));
    assertThat(sample.find()).as("%s", document).isTrue();
    return Long.parseLong(sample.group(1));
  }

  @Test
  void thePageLoadsItsOwnPartsAndNothingElse() throws Exception {
    AdminServer of = open(AdminServer.Guard.NONE);
    HttpResponse<String> html = get(of, "/");
    assertThat(html.statusCode()).isEqualTo(200);
    assertThat(html.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
    assertThat(html.headers().firstValue("content-security-policy").orElseThrow())
        .startsWith("default-src 'none'; script-src 'self';")
        .doesNotContain("unsafe");
    for (String part : List.of("/", "/page.js", "/page.css")) {
      HttpResponse<String> answer = get(of, part);
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("x-content-type-options")).hasValue("nosniff");
      assertThat(answer.body().replace("http://www.w3.org/2000/svg", ""))
          .doesNotContain("http://", "https://", "//cdn");
    }
    assertThat(html.body()).doesNotContain("<style", "style=", "onclick", "onload");
    assertThat(get(of, "/page.svg").statusCode()).isEqualTo(200);
    of.ready();
    assertThat(get(of, "/else").statusCode()).isEqualTo(404);
  }

  @Test
  void textOfOthersIsNeverReadAsHtml() throws Exception {
    AdminServer of = open(AdminServer.Guard.NONE);
    assertThat(get(of, "/page.js").body())
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(");
    HttpResponse<String> document = get(of, "/page.json");
    assertThat(document.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(next(follow(of))).as("on one line").contains("onerror=alert(1)>").endsWith("}");
  }

  @Test
  void eventsAreTheDocumentOnceASecondWithoutTheHistory() throws Exception {
    AdminServer of = open(AdminServer.Guard.NONE);
    BufferedReader events = follow(of);
    String first = next(events);
    String second = next(events);
    assertThat(sample(second)).isGreaterThan(sample(first));
    assertThat(first).contains("\"service\":\"Writer\"", "\"state\":\"starting\"");
    assertThat(first).contains("\"series\":[{\"name\":\"looks\",\"now\":0}]");
    assertThat(get(of, "/page.json").body())
        .contains("\"series\":[{\"name\":\"looks\",\"now\":0,\"points\":[0,");
  }

  @Test
  void nothingIsComputedWhileNobodyWatchesAndOneDocumentForAllWhoDo() throws Exception {
    AdminServer of = open(AdminServer.Guard.NONE);
    while (history.look(false).sample() < 2) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(looks).hasValue(0);
    List<BufferedReader> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(follow(of));
    }
    long begin = sample(next(all.get(0)));
    int before = looks.get();
    for (BufferedReader events : all) {
      while (sample(next(events)) < begin + 2) {
        // the next one
      }
    }
    assertThat((long) looks.get() - before)
        .isLessThanOrEqualTo(history.look(false).sample() - begin);
  }

  @Test
  void whereTokensAreAskedForThePageIsForAllAndItsNumbersAreNot() throws Exception {
    AdminServer of =
        open(
            authorization ->
                "Bearer right".equals(authorization)
                    ? null
                    : new AdminServer.Refusal(401, "no", "Bearer, Basic realm=\"sluice\""));
    assertThat(get(of, "/").statusCode()).isEqualTo(200);
    for (String path : List.of("/page.json", "/events")) {
      HttpResponse<String> denied = get(of, path);
      assertThat(denied.statusCode()).isEqualTo(401);
      assertThat(denied.headers().firstValue("www-authenticate").orElseThrow())
          .as("a browser would ask for a password by itself")
          .doesNotContain("Basic");
    }
    assertThat(looks).hasValue(0);
    assertThat(get(of, "/page.json", "Authorization", "Bearer right").statusCode()).isEqualTo(200);
    assertThat(next(follow(of, "Authorization", "Bearer right"))).isNotNull();
  }

  @Test
  void aDocumentThatCannotBeMadeIsCountedAndTheNextIs() throws Exception {
    AdminServer of = AdminServer.open(telemetry, BindAddress.parse("127.0.0.1"), 0, "port");
    admin = of;
    page =
        LivePage.open(
            of,
            telemetry,
            new LivePage.Subject("Writer", "writer-0"),
            history,
            () -> {
              if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("not now");
              }
              return look();
            });
    assertThat(next(follow(of))).isNotNull();
    assertThat(get(of, "/metrics").body()).containsPattern("sluice_page_failures_total(\\{.*})? 1");
  }
}
