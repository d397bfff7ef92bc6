package io.sluice.writer.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.rest.RestCatalog;
import io.sluice.schema.admin.AdminServer;
import io.sluice.schema.security.Access;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.Telemetry;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Readers of a catalog that does not answer, and what else is on the port. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CatalogPagesTest {

  private static final int THREADS = 4;
  private static final int PLACES = 48;

  /** If each waited for a second. */
  private static final int MORE_THAN_THE_TESTS_TIME = 200;

  private final Telemetry telemetry = new Telemetry("sluice-test");
  private final HttpClient client = HttpClient.newHttpClient();
  private final CountDownLatch hangs = new CountDownLatch(1);
  private AdminServer admin;
  private CatalogPages pages;

  @AfterEach
  void close() throws Exception {
    hangs.countDown();
    pages.close();
    admin.close();
    telemetry.close();
  }

  /** A catalog that says nothing while it hangs, and then that it is away. */
  private void open(Duration patience) throws Exception {
    RestCatalog catalog =
        new RestCatalog(
            () -> {
              try {
                hangs.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return null;
            },
            () -> "it is away");
    pages = new CatalogPages(catalog, Access.open(false), telemetry, patience);
    admin = AdminServer.open(telemetry, BindAddress.parse("127.0.0.1"), 0, "writer.admin.port");
    admin.handle(CatalogPages.PATH, pages);
  }

  @Test
  void aCatalogThatHangsIsGivenUpAndThenNobodyWaitsForIt() throws Exception {
    open(Duration.ofSeconds(1));
    for (int asked = 0; asked < THREADS; asked++) {
      assertThat(get("/v1/config").body()).contains("have not answered for 1 s (ask again)");
    }
    for (int asked = 0; asked < MORE_THAN_THE_TESTS_TIME; asked++) {
      assertThat(get("/v1/config").statusCode()).isEqualTo(503);
    }
    hangs.countDown();
    while (!get("/v1/config").body().contains("it is away")) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(metrics())
        .contains("sluice_catalog_requests_total{")
        .contains("outcome=\"unavailable\"")
        .contains("route=\"config\"");
  }

  @Test
  void moreReadersThanPlacesAreToldSoAndProbesAreAnswered() throws Exception {
    open(Duration.ofSeconds(100));
    List<CompletableFuture<HttpResponse<String>>> asked =
        IntStream.range(0, PLACES + 10).mapToObj(i -> ask("/v1/namespaces")).toList();
    while (asked.stream().filter(CompletableFuture::isDone).count() < 10) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);
    assertThat(get("/v1/config").body()).contains("too many readers ask at once");
    hangs.countDown();
    List<String> bodies =
        asked.stream().map(CompletableFuture::join).map(HttpResponse::body).toList();
    assertThat(bodies).filteredOn(body -> body.contains("too many readers")).hasSize(10);
    assertThat(bodies).filteredOn(body -> body.contains("it is away")).hasSize(PLACES);
  }

  @Test
  void manyReadersOfACatalogThatAnswersAreAllAnswered() throws Exception {
    open(Duration.ofSeconds(100));
    hangs.countDown();
    for (int round = 0; round < 30; round++) {
      assertThat(IntStream.range(0, 40).mapToObj(i -> ask("/v1/namespaces")).toList())
          .allSatisfy(answer -> assertThat(answer.join().body()).contains("it is away"));
    }
  }

  @Test
  void whatIsSentToARefusedRouteIsReadSoThatItsAnswerIs() throws Exception {
    open(Duration.ofSeconds(100));
    HttpRequest commit =
        HttpRequest.newBuilder(uri("/v1/namespaces/default/tables/traces"))
            .POST(HttpRequest.BodyPublishers.ofString("x".repeat(900_000)))
            .build();
    HttpResponse<String> response = client.send(commit, BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("\"type\":\"ForbiddenException\"");
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/namespaces/%zz",
        "/v1/namespaces/%",
        "/v1/namespaces/a/tables/%4",
        "/v1/namespaces/%00",
        "/v1/namespaces?parent=%zz",
        "/v1/namespaces?pageToken=%",
        "/v1/namespaces/a/tables?%e=1",
      })
  void whatIsWronglyEncodedIsABadRequest(String path) throws Exception {
    open(Duration.ofSeconds(100));
    hangs.countDown();
    try (Socket socket = new Socket("127.0.0.1", admin.port())) {
      String head = "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(head.formatted(path).getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 400").contains("cannot read");
    }
  }

  @Test
  void afterItsEndEveryRequestIsToldThatTheWriterStops() throws Exception {
    open(Duration.ofSeconds(100));
    pages.close();
    HttpResponse<String> response = get("/v1/config");
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("this Writer stops");
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + admin.port() + path);
  }

  private HttpResponse<String> get(String path) {
    return ask(path).join();
  }

  private CompletableFuture<HttpResponse<String>> ask(String path) {
    return client.sendAsync(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
  }

  private String metrics() throws Exception {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    telemetry.write(page);
    return page.toString(StandardCharsets.UTF_8);
  }
}
