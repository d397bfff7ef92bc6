package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTotalsTest {

  @TempDir Path directory;

  @Test
  void areWhatTheFilesOfTheVersionHave() throws Exception {
    try (Lake lake = TempLake.open(TempLake.config(directory))) {
      assertThat(lake.table("default", Table.TRACES).snapshot().totals())
          .as("no table yet")
          .isEqualTo(TableTotals.NOTHING);
      lake.ensureTables("default");
      LakeTable traces = lake.table("default", Table.TRACES);
      assertThat(traces.snapshot().totals()).as("no commit yet").isEqualTo(TableTotals.NOTHING);
      UUID log = UUID.randomUUID();
      DataFile one = TempLake.file(traces, "a", "b");
      traces.commit(new LogRange(log, 0, 1), List.of(one));
      traces.commit(
          new LogRange(log, 1, 2), List.of(TempLake.file(traces, "c"), TempLake.file(traces, "d")));
      TableTotals totals = traces.snapshot().totals();
      assertThat(totals.rows()).isEqualTo(4);
      assertThat(totals.files()).isEqualTo(3);
      assertThat(totals).isEqualTo(TableTotals.of(traces.snapshot().files()));
      lake.catalog()
          .loadTable(TableIdentifier.of("default", "traces"))
          .newDelete()
          .deleteFile(one)
          .commit();
      assertThat(traces.snapshot().totals())
          .isEqualTo(TableTotals.of(traces.snapshot().files()))
          .extracting(TableTotals::rows)
          .isEqualTo(2L);
    }
  }

  /** The format does not ask for it. */
  @Test
  void areCountedWhereACommitDoesNotSayThem() {
    assertThat(TableTotals.of(Map.of("operation", "append"))).isNull();
    assertThat(
            TableTotals.of(
                Map.of("total-records", "1", "total-data-files", "many", "total-files-size", "2")))
        .isNull();
    assertThat(
            TableTotals.of(
                Map.of("total-records", "1", "total-data-files", "2", "total-files-size", "3")))
        .isEqualTo(new TableTotals(1, 2, 3));
  }
}
