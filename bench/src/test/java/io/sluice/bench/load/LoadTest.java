package io.sluice.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.audit.Ledger;
import io.sluice.bench.audit.Reconciliation;
import io.sluice.bench.load.FakeOtlpServer.Reply;
import io.sluice.bench.load.FakeOtlpServer.Stored;
import io.sluice.bench.record.RecordKeys;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Variety;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadTest {

  private static final int BATCH = 40;
  private static final int REQUESTS = 30;
  private static final Set<Signal> ALL = EnumSet.allOf(Signal.class);
  @TempDir Path directory;

  @Test
  void everySignalIsAckedOnce() throws Exception {
    try (FakeOtlpServer server = new FakeOtlpServer(number -> Reply.STORE)) {
      LoadReport report = load(server, ALL, false);

      assertThat(report.acked()).isEqualTo(REQUESTS * BATCH);
      assertThat(report.requests()).isEqualTo(REQUESTS);
      assertThat(report.latencies().count()).isEqualTo(REQUESTS);
      assertThat(report.errors()).isEmpty();
      assertThat(server.stored()).extracting(Stored::signal).contains(Signal.values());
      assertThat(audit(server)).hasToString("1200 acked, 0 lost, 0 duplicated, 0 extra");
    }
  }

  @Test
  void whatIsOfMoreServicesAndValuesIsAuditedAsEver() throws Exception {
    try (FakeOtlpServer server = new FakeOtlpServer(number -> Reply.STORE)) {
      LoadOptions options = options(server.port(), ALL, false, 3, 0).of(new Variety(10, 10));
      new Load(options, new HastyTiming(), null).run();

      assertThat(audit(server)).hasToString("1200 acked, 0 lost, 0 duplicated, 0 extra");
      assertThat(Files.readString(directory.resolve("acks")).lines())
          .as("services beyond the plain vocabulary")
          .anyMatch(line -> line.matches("c \\d+ \\d+ \\d+ \\d+ [a-z-]+-\\d .*"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tenantsHaveTheirTurnsAndRepeatsAreOfTheSame(boolean again) throws Exception {
    try (FakeOtlpServer server =
        new FakeOtlpServer(number -> again && number % 2 == 0 ? Reply.UNAVAILABLE : Reply.STORE)) {
      LoadCredentials credentials =
          new LoadCredentials(
              LoadCredentials.NONE.grpc(), null, Map.of(), List.of("a", "b", "c", "d", "e"));
      new Load(
              options(server.port(), Set.of(Signal.LOGS), false, 1, 0),
              credentials,
              new HastyTiming(),
              null)
          .run();

      List<String> expected = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        for (int attempt = 0; attempt < (again ? 2 : 1); attempt++) {
          expected.add("abcde".substring(i % 5, i % 5 + 1));
        }
      }
      assertThat(server.tenants()).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void gzipIsReadByTheServer() throws Exception {
    try (FakeOtlpServer server = new FakeOtlpServer(number -> Reply.STORE)) {
      assertThat(load(server, ALL, true).acked()).isEqualTo(REQUESTS * BATCH);
      assertThat(audit(server).clean()).isTrue();
    }
  }

  @Test
  void refusalsThatPassAreSentAgainAsTheSameBytes() throws Exception {
    try (FakeOtlpServer server =
        new FakeOtlpServer(
            number ->
                switch (number % 3) {
                  case 0 -> Reply.UNAVAILABLE;
                  case 1 -> Reply.EXHAUSTED_WITH_RETRY_INFO;
                  default -> Reply.STORE;
                })) {
      LoadReport report = load(server, Set.of(Signal.TRACES), false);

      assertThat(report.acked()).isEqualTo(REQUESTS * BATCH);
      assertThat(report.retries()).isEqualTo(2 * REQUESTS);
      assertThat(report.errors())
          .containsEntry("UNAVAILABLE", (long) REQUESTS)
          .containsEntry("RESOURCE_EXHAUSTED", (long) REQUESTS);
      assertThat(audit(server).clean()).isTrue();
    }
  }

  @Test
  void aServerThatStoresARetryTwiceIsFoundOut() throws Exception {
    try (FakeOtlpServer server =
        new FakeOtlpServer(number -> number == 4 ? Reply.STORE_BUT_LOSE_THE_ANSWER : Reply.STORE)) {
      load(server, Set.of(Signal.LOGS), false);

      assertThat(audit(server)).hasToString("1200 acked, 0 lost, 40 duplicated, 0 extra");
    }
  }

  @Test
  void aFinalRefusalIsNeitherRetriedNorCountedAsAcked() throws Exception {
    try (FakeOtlpServer server =
        new FakeOtlpServer(
            number ->
                switch (number) {
                  case 2 -> Reply.INVALID;
                  case 3 -> Reply.EXHAUSTED;
                  default -> Reply.STORE;
                })) {
      LoadReport report = load(server, Set.of(Signal.METRICS), false);

      assertThat(report.acked()).isEqualTo((REQUESTS - 2) * BATCH);
      assertThat(report.refused()).isEqualTo(2 * BATCH);
      assertThat(report.retries()).isZero();
      assertThat(audit(server)).hasToString("1120 acked, 0 lost, 0 duplicated, 0 extra");
    }
  }

  @Test
  void whatIsNotAnsweredByTheEndIsUnknown() throws Exception {
    try (FakeOtlpServer server = new FakeOtlpServer(number -> Reply.STORE_BUT_LOSE_THE_ANSWER)) {
      LoadReport report = load(server, Set.of(Signal.TRACES), false, new ManualTiming());

      assertThat(report.acked()).isZero();
      assertThat(report.unknown()).isEqualTo(report.requests() * BATCH).isPositive();
      assertThat(report.unconnected()).isZero();
      assertThat(report.retries()).isPositive();
      AuditResult result = audit(server);
      assertThat(result.lost()).isZero();
      assertThat(result.duplicated()).isPositive();
    }
  }

  @Test
  void whatFindsNoConnectionIsNotSaidToBeStoredPerhaps() throws Exception {
    for (boolean http : List.of(false, true)) {
      int port;
      try (FakeOtlpServer server = new FakeOtlpServer(number -> Reply.STORE)) {
        port = server.port();
      }
      Files.deleteIfExists(directory.resolve("acks"));
      LoadOptions options = options(port, Set.of(Signal.LOGS), http, false, 1, 0);
      LoadReport report = new Load(options, new ManualTiming(), null).run();

      assertThat(report.unconnected()).isEqualTo(report.unknown()).isPositive();
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      report.print(new PrintStream(printed, true, StandardCharsets.UTF_8));
      assertThat(printed.toString(StandardCharsets.UTF_8))
          .contains("unknown 0 records")
          .contains("not sent %,d records".formatted(report.unknown()));
    }
  }

  @Test
  void theRateSpreadsRequestsOverTime() throws Exception {
    ManualTiming timing = new ManualTiming();
    try (FakeOtlpServer server = new FakeOtlpServer(number -> Reply.STORE)) {
      LoadOptions options = options(server.port(), Set.of(Signal.LOGS), false, 1, 4.0 * BATCH);
      LoadReport report = new Load(options, timing, null).run();

      assertThat(report.acked()).isEqualTo(REQUESTS * BATCH);
      assertThat(timing.slept()).isEqualTo(Duration.ofMillis((REQUESTS - 1) * 250));
    }
  }

  /** One is due every 250 ms; the first is answered after 2 s: what was due until then is late. */
  @Test
  void aSlowAnswerCountsForEveryRequestThatWasDueMeanwhile() throws Exception {
    ManualTiming timing = new ManualTiming();
    try (FakeOtlpServer server = new FakeOtlpServer(slowFirst(timing, Duration.ofSeconds(2)))) {
      LoadOptions options = options(server.port(), Set.of(Signal.LOGS), false, 1, 4.0 * BATCH);
      LoadReport report = new Load(options, timing, null).run();

      assertThat(report.latencies().count()).isEqualTo(REQUESTS);
      assertThat(report.latencies().maxMillis()).isEqualTo(2_000);
      assertThat(report.latencies().millis(29.0 / REQUESTS)).isBetween(1_750.0, 1_810.0);
      assertThat(report.latencies().millis(23.0 / REQUESTS)).isBetween(250.0, 260.0);
      assertThat(report.latencies().millis(22.0 / REQUESTS)).isLessThan(1);
      assertThat(report.neverAcked()).isZero();
    }
  }

  @Test
  void whatWasDueAndNeverSentIsToldAsNeverAcked() throws Exception {
    ManualTiming timing = new ManualTiming();
    try (FakeOtlpServer server = new FakeOtlpServer(slowFirst(timing, Duration.ofSeconds(70)))) {
      LoadOptions options = options(server.port(), Set.of(Signal.LOGS), false, 1, 4.0 * BATCH);
      LoadReport report = new Load(options, timing, null).run();
      ByteArrayOutputStream printed = new ByteArrayOutputStream();
      report.print(new PrintStream(printed, true, StandardCharsets.UTF_8));

      assertThat(report.requests()).isEqualTo(1);
      assertThat(report.unsent()).isEqualTo(REQUESTS - 1);
      assertThat(report.neverAcked()).isEqualTo(REQUESTS - 1);
      assertThat(printed.toString(StandardCharsets.UTF_8))
          .contains("(from due to acked, 1 requests; 29 more never acked)");
    }
  }

  private static FakeOtlpServer.Script slowFirst(ManualTiming timing, Duration answer) {
    return number -> {
      if (number == 0) {
        timing.sleep(answer);
      }
      return Reply.STORE;
    };
  }

  private LoadReport load(FakeOtlpServer server, Set<Signal> signals, boolean gzip)
      throws Exception {
    return load(server, signals, gzip, new HastyTiming());
  }

  private LoadReport load(FakeOtlpServer server, Set<Signal> signals, boolean gzip, Timing timing)
      throws Exception {
    return new Load(options(server.port(), signals, gzip, 3, 0), timing, null).run();
  }

  private LoadOptions options(
      int port, Set<Signal> signals, boolean gzip, int connections, double rate) {
    return options(port, signals, false, gzip, connections, rate);
  }

  private LoadOptions options(
      int port, Set<Signal> signals, boolean http, boolean gzip, int connections, double rate) {
    return new LoadOptions(
        signals,
        rate,
        Duration.ofMinutes(1),
        REQUESTS,
        connections,
        http,
        URI.create("http://127.0.0.1:" + port),
        0x5eedL,
        42,
        BATCH,
        directory.resolve("acks"),
        gzip,
        Duration.ofMinutes(1),
        Duration.ofMinutes(1));
  }

  private AuditResult audit(FakeOtlpServer server) throws Exception {
    Ledger ledger = Ledger.read(directory.resolve("acks"));
    Reconciliation reconciliation = new Reconciliation(ledger);
    List<Stored> stored = server.stored();
    for (Stored request : stored) {
      RecordKeys.read(
          new RunKeys(0x5eedL), request.signal(), request.bytes(), reconciliation::seen);
    }
    return reconciliation.finish();
  }
}
