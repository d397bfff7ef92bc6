package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.maintain.Maintenance;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.lake.maintain.MaintenanceTask;
import io.sluice.lake.maintain.Pace;
import io.sluice.lake.maintain.TableReport;
import io.sluice.schema.table.Table;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dictionary that many profiles share is in a compacted file once. */
class CompactedProfilesTest {

  private static final LocalDate OVER = LocalDate.now(ZoneOffset.UTC).minusDays(3);
  private static final int DICTIONARY = 3 << 20;

  @TempDir Path directory;

  @Test
  void dictionaryLargerThanAPageIsInACompactedFileOnce() throws Exception {
    Random random = new Random(5);
    byte[] dictionary = new byte[DICTIONARY];
    random.nextBytes(dictionary);
    try (Lake lake = TempLake.open(TempLake.config(directory))) {
      lake.ensureTables("default");
      LakeTable profiles = lake.table("default", Table.PROFILES);
      for (int i = 0; i < 7; i++) {
        DataFile file =
            RandomRows.file(
                profiles.target(),
                OVER,
                random,
                1,
                row -> row.setField("dictionary", ByteBuffer.wrap(dictionary)));
        profiles.commit(new LogRange(new UUID(9, 9), i, i + 1), List.of(file));
      }
      TableReport report =
          new Maintenance(
                  lake,
                  Maintain.settings("", Duration.ofDays(3)),
                  Clock.systemUTC(),
                  UUID::randomUUID,
                  Pace.FULL,
                  new MaintenanceCounters())
              .run("default", Table.PROFILES, Set.of(MaintenanceTask.COMPACTION), true);
      assertThat(report.failures()).isEmpty();
      TableIdentifier id = TableIdentifier.of("default", "profiles");
      try (CloseableIterable<FileScanTask> files =
          lake.catalog().loadTable(id).newScan().planFiles()) {
        assertThat(files)
            .singleElement()
            .satisfies(file -> assertThat(file.file().recordCount()).isEqualTo(7))
            .satisfies(file -> assertThat(file.length()).isLessThan(DICTIONARY + (1 << 20)));
      }
    }
  }
}
