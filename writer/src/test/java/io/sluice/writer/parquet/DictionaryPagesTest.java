package io.sluice.writer.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LogRange;
import io.sluice.lake.TableFileName;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Columns of several pages: with a dictionary, without, and with one that became too large. */
class DictionaryPagesTest {

  private static final int WINDOW = 2_048;
  private static final LogRange RANGE = new LogRange(new UUID(1, 1), 0, 10);

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

  /** How the bodies of logs go: by row. */
  enum Bodies {
    FEW(i -> "body " + i % 5),
    DISTINCT(i -> "body " + i),
    FEW_THEN_DISTINCT(i -> i < 22_000 ? "body " + i % 5 : "b".repeat(200) + i),
    NONE_THEN_FEW(i -> i < 22_000 ? null : "body " + i % 5),
    FEW_THEN_NONE(i -> i < 22_000 ? "body " + i % 5 : null),
    EVERY_OTHER(i -> i % 2 == 0 ? null : "body " + i % 300),
    EMPTY(i -> "");

    private final IntFunction<String> body;

    Bodies(IntFunction<String> body) {
      this.body = body;
    }
  }

  @ParameterizedTest
  @EnumSource(Bodies.class)
  void pagesAreReadBackEqualByIcebergAndDuckDb(Bodies bodies) throws Exception {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 45_000; i++) {
      Map<String, Object> row = new HashMap<>();
      row.put("time", RandomRows.MIDNIGHT + i);
      row.put("service_name", "service-" + i / 10_000);
      row.put("body", bodies.body.apply(i));
      row.put("severity_number", i % 24);
      rows.add(row);
    }
    LakeTable logs = lake.table("default", Table.LOGS);
    DataFile file = write(logs.target(), rows);
    logs.commit(RANGE, List.of(file));
    List<String> told =
        Readers.query(
            "SELECT concat_ws('|', epoch_us(time), service_name, severity_number, body)"
                + " FROM read_parquet(FILE) ORDER BY time",
            file.location());
    assertThat(told).isEqualTo(rows.stream().map(DictionaryPagesTest::text).toList());
    assertThat(byIceberg()).containsExactlyElementsOf(bodies(rows));
  }

  private static String text(Map<String, Object> row) {
    return Stream.of("time", "service_name", "severity_number", "body")
        .map(row::get)
        .filter(value -> value != null)
        .map(String::valueOf)
        .reduce((a, b) -> a + "|" + b)
        .orElseThrow();
  }

  /** Those of strings and numbers outside lists, as the footer has them. */
  @ParameterizedTest
  @EnumSource(Table.class)
  void footerHasTheBoundsAndNullsOfItsColumns(Table table) throws Exception {
    List<Map<String, Object>> rows = new RandomRows(11).rows(table, 3_000);
    String file = write(lake.table("default", table).target(), rows).location();
    List<String> columns =
        Readers.query(
            "SELECT name FROM parquet_schema(FILE) WHERE num_children IS NULL AND name <> 'value'"
                + " AND name IN (SELECT path_in_schema FROM parquet_metadata(FILE))"
                + " AND (converted_type = 'UTF8' OR type = 'INT32' OR type = 'INT64' AND converted_type IS NULL"
                + " AND logical_type IS NULL)",
            file);
    assertThat(columns).isNotEmpty();
    for (String column : columns) {
      String told =
          "SELECT concat_ws('|', stats_min_value, stats_max_value, stats_null_count)"
              + " FROM parquet_metadata(FILE) WHERE path_in_schema = '%s'";
      String real =
          "SELECT concat_ws('|', CAST(min(%1$s) AS VARCHAR), CAST(max(%1$s) AS VARCHAR),"
              + " count(*) - count(%1$s)) FROM read_parquet(FILE)";
      assertThat(Readers.query(told.formatted(column), file))
          .as(column)
          .isEqualTo(Readers.query(real.formatted(column), file));
    }
  }

  @Test
  void eachPageSaysHowManyRowsItHas() throws Exception {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      rows.add(Map.of("time", RandomRows.MIDNIGHT + i, "service_name", "s"));
    }
    DataFile file = write(lake.table("default", Table.LOGS).target(), rows);
    assertThat(
            Readers.query(
                "SELECT count(*) FROM read_parquet(FILE) WHERE epoch_us(time) >= "
                    + (RandomRows.MIDNIGHT + 41_000),
                file.location()))
        .containsExactly("9000");
    assertThat(PageIndexes.of(Path.of(Readers.path(file.location()))))
        .isEqualTo(PageIndexes.OF_EVERY_COLUMN);
  }

  private DataFile write(FileTarget target, List<Map<String, Object>> rows) throws Exception {
    String name = TableFileName.of(RANGE, RandomRows.DAY, 0, UUID.randomUUID());
    try (ParquetTableWriter writer =
        ParquetTableWriter.open(target, RandomRows.DAY, name, rows.size(), 128L << 20)) {
      for (int from = 0; from < rows.size(); from += WINDOW) {
        List<Map<String, Object>> part = rows.subList(from, Math.min(rows.size(), from + WINDOW));
        try (VectorSchemaRoot window = PlainRows.window(target.table(), allocator, part)) {
          writer.write(window);
        }
      }
      return writer.finish();
    }
  }

  private static List<Object> bodies(List<Map<String, Object>> rows) {
    return rows.stream().map(row -> row.get("body")).collect(Collectors.toList());
  }

  private List<Object> byIceberg() throws Exception {
    org.apache.iceberg.Table logs =
        lake.catalog().loadTable(TableIdentifier.of("default", Table.LOGS.tableName()));
    List<Object> read = new ArrayList<>();
    try (CloseableIterable<Record> records = IcebergGenerics.read(logs).select("body").build()) {
      records.forEach(record -> read.add(record.getField("body")));
    }
    return read;
  }
}
