package io.sluice.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A Writer of its own process whose store has stopped answering. */
@Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class HungStoreTest {

  private static final int BATCH = 100;
  private static final int RECORDS = 20_000;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  /** It would be killed by whoever waits no longer; the box waits for exit code 0. */
  @Test
  void writerThatIsToldToEndEndsAndItsLogKeepsTheRest() throws Exception {
    StoreSwitch store = new StoreSwitch(directory);
    try (SluiceBox box = new SluiceBox(directory, List.of(), store.wiring())) {
      box.start();
      store.hang();
      CheckedLoad load = new CheckedLoad(box);
      LoadOptions options = options(box);
      LoadReport report = load.send(options);
      box.stop();
      assertThat(report.acked()).isEqualTo(RECORDS);
      assertThat(dataFiles(box)).isEmpty();
      store.answer();
      box.start();
      load.audit(options, report);
      box.stop();
      assertThat(dataFiles(box)).isNotEmpty();
    }
  }

  private static List<Path> dataFiles(SluiceBox box) throws IOException {
    try (Stream<Path> files = Files.walk(box.data().resolve("warehouse"))) {
      return files.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  private static LoadOptions options(SluiceBox box) {
    return new LoadOptions(
        EnumSet.allOf(Signal.class),
        0,
        Duration.ofMinutes(2),
        RECORDS / BATCH,
        2,
        false,
        box.grpc(),
        7,
        1,
        BATCH,
        box.directory().resolve("acks"),
        false,
        Duration.ofMinutes(1),
        Duration.ofMinutes(2));
  }
}
