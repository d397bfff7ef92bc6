package io.sluice.writer.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.FileTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.LogRange;
import io.sluice.lake.TableFileName;
import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The views and queries that docs/reading.md prints for DuckDB, run as printed over the files that
 * a Writer writes; the tables stand where the page's ATTACH puts them, which needs the network.
 */
class ReadingPageTest {

  /** That of the page's queries. */
  private static final LocalDate DAY = LocalDate.of(2026, 11, 26);

  private static final long MIDNIGHT = DAY.toEpochDay() * 86_400_000_000L;
  private static final long KOLKATA = 19_800_000_000L;
  private static final Map<String, Object> NO_ATTRIBUTES = Map.of();

  @TempDir Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private Lake lake;
  private Connection duckDb;

  @BeforeEach
  void write() throws Exception {
    lake =
        Lake.open(
            LakeConfig.of(
                "jdbc:sqlite:" + directory.resolve("catalog.db"),
                "file://" + directory.resolve("warehouse")),
            Clock.systemUTC());
    lake.ensureTables("default");
    duckDb = DriverManager.getConnection("jdbc:duckdb:");
    execute("ATTACH ':memory:' AS sluice");
    execute("CREATE SCHEMA sluice.\"default\"");
    execute("USE sluice.\"default\"");
    table(
        Table.LOGS,
        List.of(
            log(MIDNIGHT - 1, "last microsecond of a day"),
            log(MIDNIGHT, "midnight in UTC"),
            log(MIDNIGHT - KOLKATA, "midnight in Kolkata")));
    table(Table.TRACES, List.of(span("/cart", "200", "si"), span("/cart", "none", null)));
    table(Table.METRICS_GAUGE, List.of(ratio(1, 1.0), ratio(2, Double.NaN), ratio(3, 3.0)));
    for (Table metrics : Table.all()) {
      if (metrics.tableName().startsWith("metrics_") && metrics != Table.METRICS_GAUGE) {
        table(metrics, List.of(point(metrics)));
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    duckDb.close();
    lake.close();
    allocator.close();
  }

  @Test
  void daysAndNanAreAsThePageSays() throws Exception {
    assertThat(run("duckdb-days"))
        .containsExactly(
            "",
            "midnight in UTC",
            "",
            "midnight in Kolkata, last microsecond of a day, midnight in UTC",
            "NaN",
            "3.0");
  }

  @Test
  void viewsAnswer() throws Exception {
    run("duckdb-views");
    List<String> answers = run("duckdb-queries");
    assertThat(answers.get(0)).startsWith("/cart|2|");
    assertThat(answers.get(1)).isEqualTo("last microsecond of a day|GET /cart|20.0");
    assertThat(answers.get(2).split(", "))
        .containsExactly(
            "exponential_histogram|count|1",
            "exponential_histogram|sum|1",
            "gauge|value|3",
            "histogram|count|1",
            "histogram|sum|1",
            "sum|value|1",
            "summary|count|1",
            "summary|quantile 0.5|1",
            "summary|quantile 0.9|1",
            "summary|sum|1");
    assertThat(execute("SELECT status, status_type FROM memory.main.http_spans ORDER BY ALL"))
        .isEqualTo("200|i, null|s");
  }

  /** The statements of a block of the page, and what each answers. */
  private List<String> run(String name) throws Exception {
    Matcher block =
        Pattern.compile("<!-- run: " + name + " -->\n```sql\n(.*?)\n```", Pattern.DOTALL)
            .matcher(Files.readString(Path.of("..", "docs", "reading.md")));
    assertThat(block.find()).as("a block " + name).isTrue();
    String sql =
        block
            .group(1)
            .replaceAll("--.*", "")
            .replace("now()", "TIMESTAMPTZ '%s 12:00:00+00'".formatted(DAY));
    List<String> answers = new ArrayList<>();
    for (String statement : sql.split(";")) {
      if (!statement.isBlank()) {
        answers.add(execute(statement));
      }
    }
    return answers;
  }

  /** Rows, each with its columns; empty if there is no result. */
  private String execute(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = duckDb.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet result = statement.getResultSet()) {
        while (result.next()) {
          List<String> columns = new ArrayList<>();
          for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
            columns.add(String.valueOf(result.getObject(i)));
          }
          rows.add(String.join("|", columns));
        }
      }
    }
    return String.join(", ", rows);
  }

  /** A file of each day, and the table over them. */
  private void table(Table table, List<Map<String, Object>> rows) throws Exception {
    FileTarget target = lake.table("default", table).target();
    List<String> files = new ArrayList<>();
    for (LocalDate day : List.of(DAY.minusDays(1), DAY)) {
      List<Map<String, Object>> ofDay = rows.stream().filter(row -> day(row).equals(day)).toList();
      if (!ofDay.isEmpty()) {
        files.add("'" + Readers.path(file(target, day, ofDay)) + "'");
      }
    }
    execute("CREATE VIEW %s AS SELECT * FROM read_parquet(%s)".formatted(table.tableName(), files));
  }

  private static LocalDate day(Map<String, Object> row) {
    return LocalDate.ofEpochDay(Math.floorDiv((Long) row.get("time"), 86_400_000_000L));
  }

  private String file(FileTarget target, LocalDate day, List<Map<String, Object>> rows)
      throws Exception {
    String name = TableFileName.of(new LogRange(new UUID(1, 1), 0, 1), day, 0, UUID.randomUUID());
    try (VectorSchemaRoot window = PlainRows.window(target.table(), allocator, rows);
        ParquetTableWriter writer =
            ParquetTableWriter.open(target, day, name, rows.size(), 128L << 20)) {
      writer.write(window);
      return writer.finish().location();
    }
  }

  private static Map<String, Object> log(long time, String body) {
    return Map.of(
        "time",
        time,
        "service_name",
        "border",
        "body",
        body,
        "trace_id",
        time < MIDNIGHT ? "0a" : "none",
        "span_id",
        time == MIDNIGHT - 1 ? "0b" : "none");
  }

  private static Map<String, Object> span(String route, String status, String types) {
    Map<String, Object> row =
        new HashMap<>(
            Map.of(
                "time",
                MIDNIGHT - 1,
                "service_name",
                "border",
                "trace_id",
                types == null ? "0c" : "0a",
                "span_id",
                "0b",
                "name",
                "GET " + route,
                "duration_nano",
                20_000_000L));
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("http.request.method", "GET");
    attributes.put("http.response.status_code", status);
    attributes.put("http.route", route);
    row.put("attributes", attributes);
    row.put("attribute_types", types == null ? null : types + "s");
    return row;
  }

  private static Map<String, Object> ratio(long micros, double value) {
    return Map.of(
        "time",
        MIDNIGHT + micros,
        "metric_name",
        "ratio",
        "value",
        value,
        "attributes",
        NO_ATTRIBUTES);
  }

  private static Map<String, Object> point(Table table) {
    Map<String, Object> row =
        new HashMap<>(Map.of("time", MIDNIGHT, "metric_name", "m", "attributes", NO_ATTRIBUTES));
    if (table == Table.METRICS_SUM) {
      row.put("value", 1.0);
      return row;
    }
    row.put("count", 2L);
    row.put("sum", 3.0);
    if (table == Table.METRICS_SUMMARY) {
      row.put(
          "quantile_values",
          List.of(Map.of("quantile", 0.5, "value", 1.0), Map.of("quantile", 0.9, "value", 2.0)));
    }
    return row;
  }
}
