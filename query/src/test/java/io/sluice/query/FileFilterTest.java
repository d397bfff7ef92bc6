package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.CommitOutcome;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LogRange;
import io.sluice.lake.TableSnapshot;
import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.iceberg.DataFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file an hour and service, a row each: 120 of them. */
final class FileFilterTest {

  private static final int HOURS = 24;
  private static final List<String> SERVICES = List.of("cart", "pay", "ship", "stock", "web");

  @TempDir private static Path directory;
  private static Reading reading;

  /** No test changes it. */
  @BeforeAll
  static void open() throws Exception {
    reading = of("shared", SERVICES);
  }

  private static Reading of(String name, List<String> services) throws Exception {
    Reading reading = new Reading(Files.createDirectory(directory.resolve(name)));
    reading.lake.ensureTables("default");
    commit(reading, services);
    return reading;
  }

  private static void commit(Reading reading, List<String> services) throws Exception {
    LakeTable table = reading.lake.table("default", Table.TRACES);
    List<DataFile> files = new ArrayList<>();
    for (int hour = 0; hour < HOURS; hour++) {
      for (String service : services) {
        files.add(reading.file(table, table.target().schema(), List.of(row(hour, service))));
      }
    }
    assertThat(table.commit(new LogRange(UUID.randomUUID(), 0, 1), files))
        .isInstanceOf(CommitOutcome.Committed.class);
  }

  @Test
  void ofAThousandFilesTheFewThatATimeAndAServiceNameAreOpened() throws Exception {
    try (Reading large = of("large", SERVICES)) {
      commit(large, IntStream.range(0, 37).mapToObj(i -> "service-" + i).toList());
      theFewThatATimeAndAServiceNameAreOpened(large);
    }
  }

  private static void theFewThatATimeAndAServiceNameAreOpened(Reading reading) throws Exception {
    assertThat(files(reading, "FROM traces")).isEqualTo(1_008);
    String where =
        " WHERE time >= '%s 10:00' AND time < '%s 12:00' AND service_name = 'service-7'"
            .formatted(Reading.DAY, Reading.DAY);
    assertThat(files(reading, "FROM traces" + where)).isEqualTo(2);
    assertThat(reading.value("SELECT count(*) FROM traces" + where)).isEqualTo("2");
    // DuckDB's own count of the files that it opened; each has one row group.
    assertThat(reading.value("EXPLAIN ANALYZE SELECT name FROM traces" + where))
        .containsPattern("Total Files Read: 2\\b");
  }

  @AfterAll
  static void close() throws Exception {
    reading.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "2   | time >= 'DAY 10:00' AND time < 'DAY 11:30' AND service_name = 'cart'",
        "10  | time BETWEEN 'DAY 03:10' AND TIMESTAMPTZ 'DAY 04:40+00'",
        "5   | TIMESTAMP 'DAY 07:30' = time",
        "5   | 'DAY 22:45' < traces.time AND duration_nano IS NULL",
        "48  | service_name IN ('pay', 'web')",
        "24  | 'web' = Service_Name AND name LIKE '%'",
        "0   | service_name = 'nobody'",
        "0   | time > now() - INTERVAL 1 HOUR",
        "0   | time > current_timestamp - INTERVAL '2 hours'",
        "120 | time > DATE 'DAY'",
        "0   | time < DATE 'DAY' AND kind = 'SERVER'",
        "120 | service_name = 'cart' OR time < 'DAY 01:00'",
        "120 | NOT service_name = 'cart'",
        "120 | upper(service_name) = 'CART'",
        "120 | time < now() - INTERVAL 1 HOUR",
        "120 | service_name = (SELECT 'cart')",
        "120 | resource_attributes['service.name'] = 'cart'",
      })
  void filesThatCannotHaveRowsAreNotRead(int files, String where) throws Exception {
    String condition = where.replace("DAY", Reading.DAY.toString());
    assertThat(files("SELECT count(*) FROM traces WHERE " + condition)).isEqualTo(files);
    assertThat(reading.value("SELECT count(*) FROM traces WHERE " + condition))
        .as("the same with all files")
        .isEqualTo(
            reading.value(
                "WITH t AS (FROM traces) SELECT count(*) FROM t AS traces WHERE " + condition));
  }

  @Test
  void nowThatIsAnotherColumnsNameIsNotTheTimeThatItIs() throws Exception {
    for (String name : List.of("now", "transaction_timestamp")) {
      String plain =
          "SELECT TIMESTAMPTZ '%s 12:00+00' AS %s, name FROM traces WHERE time > %s - INTERVAL 1 HOUR"
              .formatted(Reading.DAY, name, name);
      assertThat(files(plain)).as(plain).isEqualTo(120);
    }
  }

  @Test
  void whatMayNotBeTheTablesColumnFiltersNothing() throws Exception {
    String cart = " WHERE service_name = 'cart'";
    assertThat(files("SELECT count(*) FROM traces" + cart)).isEqualTo(HOURS);
    assertThat(files("SELECT name FROM traces t WHERE t.service_name = 'cart'")).isEqualTo(HOURS);
    assertThat(files("SELECT 'cart' AS service_name, name FROM traces" + cart)).isEqualTo(120);
    assertThat(files("SELECT name FROM traces AS t(service_name)" + cart)).isEqualTo(120);
    assertThat(files("FROM traces a JOIN traces b USING (name) WHERE a.service_name = 'cart'"))
        .isEqualTo(120);
    assertThat(files("FROM traces" + cart + " UNION ALL FROM traces")).isEqualTo(120);
    assertThat(files("EXPLAIN SELECT count(*) FROM traces" + cart)).isEqualTo(HOURS);
  }

  private static int files(String sql) throws Exception {
    return files(reading, sql);
  }

  private static int files(Reading reading, String sql) throws Exception {
    TableSnapshot snapshot = reading.lake.table("default", Table.TRACES).snapshot();
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      return snapshot
          .files(FileFilter.of(duckdb, ParsedSql.parse(duckdb, sql), snapshot.schema()))
          .size();
    }
  }

  private static Map<String, Object> row(int hour, String service) {
    Instant time = Reading.DAY.atTime(LocalTime.of(hour, 30)).toInstant(ZoneOffset.UTC);
    Map<String, Object> row = new HashMap<>();
    row.put("time", time);
    row.put("service_name", service);
    row.put("name", service + " " + hour);
    return row;
  }
}
