package io.sluice.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.audit.Reconciliation;
import io.sluice.bench.load.Latencies;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class RoundTest {

  @TempDir Path directory;

  @Test
  void aLoadThatFailsEndsTheRoundAtOnce() throws Exception {
    Path acks = Files.createFile(directory.resolve("acks"));
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      assertThatThrownBy(() -> new Round(box, new Stuck()).run(options(acks), random()))
          .hasMessage("cannot write audit file: %s exists (name a new one)", acks);
    }
  }

  @Test
  void aScenarioThatFailsEndsTheRound() throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      assertThatThrownBy(
              () -> new Round(box, new Failing()).run(options(directory.resolve("acks")), random()))
          .isInstanceOf(AssertionError.class)
          .hasMessage("a row too few");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "9, 0, 0, 0, 0",
    "9, 1, 0, 0, 1",
    "9, 0, 1, 0, 1",
    "9, 0, 0, 1, 2",
    "0, 0, 0, 0, 1",
  })
  void whatIsRefusedUnansweredLostOrNeverAckedIsAFault(
      long acked, long refused, long unknown, long lost, int faults) {
    LoadReport load =
        new LoadReport(
            1,
            acked,
            1,
            1,
            0,
            refused,
            unknown,
            0,
            0,
            Map.of(),
            "NO",
            new Latencies(),
            0,
            new Latencies());
    List<String> told = faults(load, acked, lost);

    assertThat(told).hasSize(faults);
  }

  @Test
  void aLedgerThatDoesNotAddUpIsAFault() {
    AuditResult clean = new AuditResult(1, 0, 0, 0, 0, 0, 0, 0, 0, List.of());
    LoadReport load =
        new LoadReport(
            1, 1, 1, 1, 0, 0, 0, 0, 0, Map.of(), "", new Latencies(), 0, new Latencies());
    assertThat(new Round.Outcome("told", load, clean, List.of("one is missing")).faults())
        .containsExactly("one is missing");
  }

  private static List<String> faults(LoadReport load, long acked, long lost) {
    AuditResult audit =
        new AuditResult(
            acked,
            lost,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            lost == 0
                ? List.of()
                : List.of(
                    new Reconciliation.Offender(Reconciliation.Fault.LOST, Table.LOGS, "a key")));
    return new Round.Outcome("told", load, audit, List.of()).faults();
  }

  private static LoadOptions options(Path acks) {
    return new LoadOptions(
        Set.of(Signal.LOGS),
        1,
        Duration.ofHours(1),
        1,
        1,
        false,
        URI.create("http://127.0.0.1:1"),
        1,
        1,
        1,
        acks,
        false,
        Duration.ofSeconds(1),
        Duration.ofHours(1));
  }

  private static RandomGenerator random() {
    return new SplittableRandom(1);
  }

  /** Waits for what never comes. */
  private static final class Stuck implements Scenario {
    @Override
    public String name() {
      return "stuck";
    }

    @Override
    public String run(SluiceBox box, LoadRun load, RandomGenerator random) throws Exception {
      new CountDownLatch(1).await();
      return "never";
    }
  }

  private static final class Failing implements Scenario {
    @Override
    public String name() {
      return "failing";
    }

    @Override
    public String run(SluiceBox box, LoadRun load, RandomGenerator random) {
      throw new AssertionError("a row too few");
    }
  }
}
