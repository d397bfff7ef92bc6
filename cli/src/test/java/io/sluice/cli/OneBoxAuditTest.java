package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.SluiceProcess.Ended;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The audit's own test: it must find what somebody took out of the tables, or put in twice. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OneBoxAuditTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  @Test
  void lostAndDoubledRecordsAreCountedAndNamedAndTheExitCodeIs1() throws Exception {
    Path data = directory.resolve("data");
    try (OneBox box = OneBox.start(data);
        Lake lake =
            Lake.open(
                LakeConfig.of(
                    "jdbc:sqlite:" + data.resolve("catalog.db"),
                    "file://" + data.resolve("warehouse")),
                Clock.systemUTC())) {
      Table traces = lake.catalog().loadTable(TableIdentifier.of("default", "traces"));
      DataFile one = persisted(box, traces, "acks-1", 1);
      DataFile two = persisted(box, traces, "acks-2", 2);
      persisted(box, traces, "acks-50", 50);
      String[] acks = {acks("acks-1"), acks("acks-2"), acks("acks-50")};
      assertThat(box.run("audit", acks)).containsExactly("53 acked, 0 lost, 0 duplicated, 0 extra");

      traces.newDelete().deleteFile(one).commit();
      traces.newAppend().appendFile(two).commit();
      Ended audit = box.tried("audit", acks);
      assertThat(audit.out()).containsExactly("53 acked, 1 lost, 2 duplicated, 0 extra");
      assertThat(audit.code()).isEqualTo(1);
      assertThat(audit.errors())
          .anyMatch(line -> line.startsWith("LOST in traces: "))
          .anyMatch(line -> line.startsWith("DUPLICATED in traces: "));

      assertThat(box.run("audit", acks("acks-50")))
          .as("runs are told apart")
          .containsExactly("50 acked, 0 lost, 0 duplicated, 0 extra");

      traces.refresh();
      String metadata = ((BaseTable) traces).operations().current().metadataFileLocation();
      Path file = Path.of(metadata.replaceFirst("^file:/*", "/"));
      Files.move(file, directory.resolve("metadata-away"));
      Files.createDirectory(file);
      Ended unreadable = box.tried("audit", acks);
      assertThat(unreadable.code()).isEqualTo(1);
      assertThat(unreadable.errors())
          .singleElement()
          .asString()
          .startsWith("sluice audit: cannot read what is persisted: ");
      Files.delete(file);
      Files.move(directory.resolve("metadata-away"), file);
      assertThat(box.stop()).isZero();
    }
  }

  private String acks(String name) {
    return directory.resolve(name).toString();
  }

  private DataFile persisted(OneBox box, Table table, String acks, int spans) throws Exception {
    box.run(
        "load",
        "--signal=traces",
        "--requests=1",
        "--connections=1",
        "--batch=" + spans,
        "--services=" + (1 + spans % 10),
        "--values=" + (1 + spans % 10),
        "--audit=" + acks(acks));
    box.run("flush");
    table.refresh();
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      for (FileScanTask each : files) {
        if (each.file().recordCount() == spans) {
          return each.file().copy();
        }
      }
    }
    throw new AssertionError("no file of %d spans".formatted(spans));
  }
}
