package io.sluice.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.load.LoadOptions;
import io.sluice.schema.table.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A short form of {@link KillRounds}: real processes, every record by its key. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class FaultsTest {

  private static final int BATCH = 50;
  private static final int CONNECTIONS = 3;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void whatWasAckedIsThereOnceAfterKillsAndDuringReads() throws Exception {
    SplittableRandom random = new SplittableRandom(20_261_122);
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      round(box, KillService.writer(), 1, random);
      round(box, new QueriesUnderLoad(), 2, random);
      round(box, KillService.acceptor(), 3, random);
      round(box, KillService.writer(), 4, random);
      box.stop();
    }
  }

  private static void round(SluiceBox box, Scenario scenario, int number, SplittableRandom random)
      throws Exception {
    LoadOptions load =
        new LoadOptions(
            EnumSet.allOf(Signal.class),
            3_000,
            Duration.ofSeconds(3),
            Long.MAX_VALUE,
            CONNECTIONS,
            number == 4,
            number == 4 ? box.http() : box.grpc(),
            random.nextLong(),
            number,
            BATCH,
            box.directory().resolve("acks-" + number),
            number == 2,
            Duration.ofMinutes(1),
            Duration.ofMinutes(5));
    Round.Outcome outcome = new Round(box, scenario).run(load, random.split());

    assertThat(outcome.faults()).as(outcome.told()).isEmpty();
    assertThat(outcome.audit().compared()).isPositive();
    assertThat(outcome.load().refused()).isZero();
    assertThat(outcome.load().unknown()).isZero();
    assertThat(outcome.audit().acked()).isPositive().isEqualTo(outcome.load().acked());
  }
}
