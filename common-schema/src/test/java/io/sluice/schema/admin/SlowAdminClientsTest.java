package io.sluice.schema.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.Telemetry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More clients that are slow than there are threads, and what they cost the others. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SlowAdminClientsTest {

  private static final int MORE_THAN_THREADS = 80;
  private static final Duration LONG = Duration.ofSeconds(100);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final String POST = "POST /v1/x HTTP/1.1\nHost: localhost\nContent-Length: 5\n\n";
  private static final String LARGE = "GET /large HTTP/1.1\nHost: localhost\n\n";

  private final Telemetry telemetry = new Telemetry("sluice-test");
  private final List<RawClient> clients = new ArrayList<>();
  private AdminServer admin;

  private void open(int connections, Duration head, Duration body, Duration answer)
      throws IOException {
    admin =
        AdminServer.open(
            telemetry,
            BindAddress.parse("127.0.0.1"),
            0,
            "writer.admin.port",
            null,
            AdminServer.Guard.NONE,
            new AdminLimits(connections, LONG, head, body, answer, 20));
    admin.handle("/v1/", request -> AdminAnswer.text(200, "read"));
  }

  @AfterEach
  void close() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    admin.close();
    telemetry.close();
  }

  private RawClient connect() throws IOException {
    RawClient client = new RawClient(admin.port());
    clients.add(client);
    return client;
  }

  private void assertPagesAreAnswered() throws IOException {
    for (String page : List.of("/livez", "/metrics", "/status")) {
      try (RawClient honest = new RawClient(admin.port())) {
        honest.send("GET %s HTTP/1.1\nHost: localhost\n\n".formatted(page));
        assertThat(honest.answer()).startsWith("HTTP/1.1 200");
      }
    }
  }

  private String metrics() throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    telemetry.write(page);
    return page.toString(StandardCharsets.UTF_8);
  }

  private void awaitCount(String name, String label, int least) throws IOException {
    while (metrics()
        .lines()
        .filter(line -> line.startsWith(name) && line.contains(label))
        .noneMatch(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))) >= least)) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Test
  void whoSendsHalfAHeadOrHalfABodyHoldsNoThread() throws Exception {
    open(1_000, LONG, LONG, LONG);
    for (int i = 0; i < MORE_THAN_THREADS; i++) {
      connect().send("GET /li");
      connect().send(POST + "12");
      connect();
    }
    assertPagesAreAnswered();
    for (int i = 1; i < clients.size(); i += 3) {
      clients.get(i).send("345");
      assertThat(clients.get(i).answer()).startsWith("HTTP/1.1 200").endsWith("read\n");
    }
  }

  @Test
  void whoDoesNotReadHoldsNoThreadAndIsCutOff() throws Exception {
    open(1_000, LONG, LONG, SHORT);
    byte[] body = new byte[AdminLimits.LARGE_ANSWER];
    admin.handle("/large", request -> new AdminAnswer(200, "text/plain", body, Map.of()));
    for (int i = 0; i < MORE_THAN_THREADS; i++) {
      connect().send(LARGE.repeat(1_000));
    }
    assertPagesAreAnswered();
    awaitCount("sluice_admin_slow", "part=\"answer\"", MORE_THAN_THREADS);
    assertPagesAreAnswered();
  }

  @Test
  void aHeadThatDoesNotEndIsCutHoweverItTrickles() throws Exception {
    open(1_000, SHORT, LONG, LONG);
    RawClient silent = connect();
    RawClient again = connect().send("GET /livez HTTP/1.1\nHost: localhost\n\n");
    assertThat(again.answer()).startsWith("HTTP/1.1 200");
    again.send("GET /livez HT");
    assertThat(silent.rest()).isEmpty();
    assertThat(again.rest()).isEmpty();
    awaitCount("sluice_admin_slow", "part=\"head\"", 2);
  }

  @Test
  void aBodyThatDoesNotEndIsCut() throws Exception {
    open(1_000, LONG, SHORT, LONG);
    assertThat(connect().send(POST + "12").rest()).doesNotContain("200");
    awaitCount("sluice_admin_slow", "part=\"body\"", 1);
  }

  @Test
  void aPageThatTakesItsTimeIsNoSlowClient() throws Exception {
    open(10, SHORT, SHORT, LONG);
    admin.handle(
        "/long",
        request -> {
          try {
            awaitCount("sluice_admin_slow", "part=\"head\"", 1);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          return AdminAnswer.text(200, "at last");
        });
    RawClient patient = connect().send("GET /long HTTP/1.1\nHost: localhost\n\n");
    connect().send("GET");
    assertThat(patient.answer()).endsWith("at last\n");
  }

  @Test
  void whenThereAreTooManyTheOneThatWaitsForLongestIsClosedForTheNewest() throws Exception {
    open(10, LONG, LONG, LONG);
    RawClient earliest = connect().send("GET /livez HTTP/1.1\nHost: localhost\n\n");
    assertThat(earliest.answer()).startsWith("HTTP/1.1 200");
    for (int i = 0; i < 40; i++) {
      connect().send("GET /li");
    }
    assertPagesAreAnswered();
    assertThat(earliest.rest()).isEmpty();
    awaitCount("sluice_admin_connections_closed", "which=\"longest\"", 1);
  }

  @Test
  void largeAnswersThatNobodyReadsAreNotMoreThanThereIsRoomFor() throws Exception {
    open(1_000, LONG, LONG, LONG);
    byte[] body = new byte[40 << 20];
    admin.handle("/large", request -> new AdminAnswer(200, "text/plain", body, Map.of()));
    RawClient first = connect().send(LARGE);
    assertThat(first.line()).startsWith("HTTP/1.1 200");
    assertThat(connect().send(LARGE).answer())
        .startsWith("HTTP/1.1 503")
        .contains("Retry-After: 1");
    assertPagesAreAnswered();
    first.close();
    while (!connect().send(LARGE).line().startsWith("HTTP/1.1 200")) {
      LockSupport.parkNanos(1_000_000); // until it is seen that nobody waits for the first
    }
  }
}
