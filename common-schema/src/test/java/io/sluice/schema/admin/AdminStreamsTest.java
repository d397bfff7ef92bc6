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
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams of events, over sockets. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AdminStreamsTest {

  private static final Duration LONG = Duration.ofSeconds(100);
  private static final byte[] EVENT = "data: 1\n\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] LARGE = new byte[64 << 10];

  private final Telemetry telemetry = new Telemetry("sluice-test");
  private final List<RawClient> clients = new ArrayList<>();
  private volatile boolean allowed = true;
  private AdminServer admin;
  private AdminStreams streams;

  @BeforeEach
  void open() throws IOException {
    open(LONG);
  }

  private void open(Duration answer) throws IOException {
    admin =
        AdminServer.open(
            telemetry,
            BindAddress.parse("127.0.0.1"),
            0,
            "writer.admin.port",
            null,
            authorization -> allowed ? null : new AdminServer.Refusal(401, "no more", null),
            new AdminLimits(100, LONG, LONG, LONG, answer, 20));
    streams = admin.stream("/events");
  }

  @AfterEach
  void close() throws Exception {
    for (RawClient client : clients) {
      client.close();
    }
    admin.close();
    telemetry.close();
  }

  private RawClient watch() throws IOException {
    RawClient client = new RawClient(admin.port());
    clients.add(client);
    return client.send("GET /events HTTP/1.1\nHost: localhost\n\n");
  }

  private RawClient watching() throws IOException {
    RawClient client = watch();
    assertThat(client.line()).startsWith("HTTP/1.1 200");
    return client.until(":\n\n");
  }

  private long metric(String name) throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    telemetry.write(page);
    return page.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  @Test
  void allWhoWatchGetTheSameEvents() throws IOException {
    RawClient one = watching();
    RawClient two = watching();
    getsOne(one);
    getsOne(two);
    assertThat(streams.isWatched()).isTrue();
  }

  /** What comes while it is still being written to passes it by. */
  private void getsOne(RawClient client) throws IOException {
    long passed;
    do {
      passed = metric("sluice_admin_streams_passed_total");
      streams.send(EVENT);
    } while (metric("sluice_admin_streams_passed_total") > passed);
    client.until("data: 1\n\n");
  }

  @Test
  void thereAreSoManyAtMostAndWhoEndsMakesRoom() throws Exception {
    List<RawClient> watching = new ArrayList<>();
    for (int i = 0; i < AdminStreams.MOST; i++) {
      watching.add(watching());
    }
    try (RawClient tooMany = watch()) {
      assertThat(tooMany.answer()).startsWith("HTTP/1.1 503").contains("Retry-After: 5");
    }
    assertThat(metric("sluice_admin_streams_refused_total")).isEqualTo(1);
    watching.get(3).close();
    while (metric("sluice_admin_streams{") + metric("sluice_admin_streams ") == AdminStreams.MOST) {
      streams.send(EVENT); // by which it is seen that nobody is there
      LockSupport.parkNanos(1_000_000);
    }
    watching();
  }

  @Test
  void whoMayNotWatchAnyMoreSeesTheEnd() throws Exception {
    RawClient client = watching();
    getsOne(client);
    allowed = false;
    streams.send("data: secret\n\n".getBytes(StandardCharsets.UTF_8));
    client.until("\r\n0\r\n");
    while (streams.isWatched()) {
      LockSupport.parkNanos(1_000_000);
    }
    try (RawClient again = watch()) {
      assertThat(again.answer()).startsWith("HTTP/1.1 401");
    }
  }

  @Test
  void aClientThatTakesNothingIsPassedByAndCutOff() throws Exception {
    admin.close();
    open(Duration.ofMillis(200));
    watching();
    while (metric("sluice_admin_slow") == 0) {
      streams.send(LARGE);
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(metric("sluice_admin_streams_passed_total")).isPositive();
  }

  @Test
  void theServersEndIsTheStreamsEnd() throws Exception {
    RawClient client = watching();
    admin.close();
    assertThat(client.rest()).doesNotContain("data:");
  }
}
