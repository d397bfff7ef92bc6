package io.sluice.writer.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LogRange;
import io.sluice.lake.TableFileName;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ParquetTableWriterTest {

  private static final LogRange RANGE = new LogRange(new UUID(1, 1), 0, 10);
  private static final long ROW_GROUP = 128L << 20;

  @TempDir Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private Lake lake;

  @BeforeEach
  void open() throws Exception {
    lake =
        Lake.open(
            LakeConfig.of(
                "jdbc:sqlite:" + directory.resolve("catalog.db"),
                "file://" + directory.resolve("warehouse")),
            Clock.systemUTC());
    lake.ensureTables("default");
  }

  @AfterEach
  void close() {
    lake.close();
    allocator.close();
  }

  @ParameterizedTest
  @EnumSource(Table.class)
  void rowsAreReadBackEqualByIcebergAndDuckDb(Table table) throws Exception {
    List<Map<String, Object>> rows = new RandomRows(table.ordinal()).rows(table, 700);
    LakeTable target = lake.table("default", table);
    DataFile file = write(target.target(), rows, 97, ROW_GROUP);
    target.commit(RANGE, List.of(file));
    List<String> written = Readers.written(rows);
    assertThat(Readers.byIceberg(iceberg(table))).isEqualTo(written);
    assertThat(Readers.byDuckDb(file.location())).isEqualTo(written);
    assertThat(file.recordCount()).isEqualTo(700);
    assertThat(file.fileSizeInBytes())
        .isEqualTo(Files.size(Path.of(Readers.path(file.location()))));
  }

  @Test
  void slicesOfAWindowAreWrittenAsTheyAre() throws Exception {
    List<Map<String, Object>> rows = new RandomRows(7).rows(Table.TRACES, 300);
    FileTarget target = lake.table("default", Table.TRACES).target();
    try (VectorSchemaRoot all = PlainRows.window(Table.TRACES, allocator, rows);
        VectorSchemaRoot slice = all.slice(11, 200);
        ParquetTableWriter writer = open(target, 200, ROW_GROUP)) {
      writer.write(slice);
      DataFile file = writer.finish();
      assertThat(Readers.byDuckDb(file.location()))
          .isEqualTo(Readers.written(rows.subList(11, 211)));
    }
  }

  @Test
  void rowGroupsEndAtTheirSize() throws Exception {
    List<Map<String, Object>> rows = new RandomRows(8).rows(Table.LOGS, 3_000);
    LakeTable logs = lake.table("default", Table.LOGS);
    DataFile file = write(logs.target(), rows, 500, 64 << 10);
    assertThat(file.splitOffsets()).hasSizeGreaterThan(2);
    assertThat(Readers.byDuckDb(file.location())).isEqualTo(Readers.written(rows));
  }

  @Test
  void hugeRowsAreWritten() throws Exception {
    String body = "x".repeat(3 << 20);
    List<Map<String, Object>> rows = new RandomRows(9).rows(Table.LOGS, 20);
    rows.forEach(row -> row.put("body", body));
    DataFile file = write(lake.table("default", Table.LOGS).target(), rows, 20, ROW_GROUP);
    assertThat(Readers.query("SELECT sum(length(body)) FROM FILE", file.location()))
        .containsExactly(String.valueOf(20L * body.length()));
  }

  @Test
  void rowsOfAnotherDayAreRefused() throws Exception {
    List<Map<String, Object>> rows = new RandomRows(10).rows(Table.LOGS, 2);
    rows.get(1).put("time", RandomRows.MIDNIGHT - 1);
    FileTarget target = lake.table("default", Table.LOGS).target();
    assertThatThrownBy(() -> write(target, rows, 2, ROW_GROUP))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("other days");
    assertThat(dataFiles()).isEmpty();
  }

  @Test
  void requiredColumnMustNotBeNull() throws Exception {
    List<Map<String, Object>> rows = new RandomRows(10).rows(Table.LOGS, 2);
    rows.get(1).put("time", null);
    FileTarget target = lake.table("default", Table.LOGS).target();
    assertThatThrownBy(() -> write(target, rows, 2, ROW_GROUP))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("time");
  }

  @Test
  void columnsOfAnotherTableAreRefused() throws Exception {
    List<Map<String, Object>> rows = new RandomRows(10).rows(Table.LOGS, 2);
    try (VectorSchemaRoot window = PlainRows.window(Table.LOGS, allocator, rows);
        ParquetTableWriter writer =
            open(lake.table("default", Table.TRACES).target(), 2, ROW_GROUP)) {
      assertThatThrownBy(() -> writer.write(window)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void abortedFileIsDeleted() throws Exception {
    List<Map<String, Object>> rows = new RandomRows(10).rows(Table.LOGS, 2);
    ParquetTableWriter writer = open(lake.table("default", Table.LOGS).target(), 2, ROW_GROUP);
    try (VectorSchemaRoot window = PlainRows.window(Table.LOGS, allocator, rows)) {
      writer.write(window);
    }
    Path path = Path.of(Readers.path(writer.location()));
    assertThat(path).exists();
    writer.abort();
    assertThat(path).doesNotExist();
    assertThatThrownBy(writer::finish).isInstanceOf(IllegalStateException.class);
  }

  private DataFile write(
      FileTarget target, List<Map<String, Object>> rows, int windowRows, long rowGroupBytes)
      throws IOException {
    try (ParquetTableWriter writer = open(target, rows.size(), rowGroupBytes)) {
      for (int from = 0; from < rows.size(); from += windowRows) {
        List<Map<String, Object>> part =
            rows.subList(from, Math.min(rows.size(), from + windowRows));
        try (VectorSchemaRoot window = PlainRows.window(target.table(), allocator, part)) {
          writer.write(window);
        }
      }
      return writer.finish();
    }
  }

  private static ParquetTableWriter open(FileTarget target, int rows, long rowGroupBytes)
      throws IOException {
    String name = TableFileName.of(RANGE, RandomRows.DAY, 0, UUID.randomUUID());
    return ParquetTableWriter.open(target, RandomRows.DAY, name, rows, rowGroupBytes);
  }

  private List<Path> dataFiles() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(file -> file.toString().endsWith(".parquet")).toList();
    }
  }

  private org.apache.iceberg.Table iceberg(Table table) {
    return lake.catalog().loadTable(TableIdentifier.of("default", table.tableName()));
  }
}
