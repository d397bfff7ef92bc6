package io.sluice.query;

import static io.sluice.query.SqlEndpoint.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Arrow's JDBC driver, and so DBeaver and others, gets of the SQL endpoint. */
final class FlightSqlTest {

  @TempDir private Path directory;
  private SqlEndpoint endpoint;
  private Connection connection;

  @BeforeEach
  void open() throws Exception {
    endpoint = new SqlEndpoint(directory);
    connection = endpoint.connect();
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
    endpoint.close();
  }

  private static Map<String, Object> span(String name, long nanos) {
    return Map.of("time", TestRows.NOON, "name", name, "duration_nano", nanos);
  }

  private void spans() throws Exception {
    endpoint.reading.persist(Table.TRACES, 0, 1, List.of(span("persisted", 10)));
    endpoint.reading.writer.add(Table.TRACES, 2, span("hot", 20));
  }

  @Test
  void hotAndPersistedRowsComeInOneStatement() throws Exception {
    spans();
    assertThat(rows(connection, "SELECT name, duration_nano FROM traces ORDER BY name"))
        .isEqualTo("hot,20\npersisted,10\n");
    assertThat(
            rows(connection, "SELECT count(*), sum(duration_nano) FROM sluice.\"default\".traces"))
        .isEqualTo("2,30\n");
    endpoint.awaitIdle();
  }

  @Test
  void tablesAndTheirColumnsAreListed() throws Exception {
    DatabaseMetaData about = connection.getMetaData();
    List<String> tables = new ArrayList<>();
    try (ResultSet found = about.getTables(null, null, "metrics\\_%", null)) {
      while (found.next()) {
        assertThat(found.getString("TABLE_CAT")).isEqualTo("sluice");
        assertThat(found.getString("TABLE_SCHEM")).isEqualTo("default");
        tables.add(found.getString("TABLE_NAME"));
      }
    }
    assertThat(tables)
        .containsExactlyInAnyOrderElementsOf(
            Table.all().stream()
                .map(Table::tableName)
                .filter(name -> name.startsWith("metrics_"))
                .toList());
    List<String> columns = new ArrayList<>();
    try (ResultSet found = about.getColumns("sluice", "default", "traces", "%")) {
      while (found.next()) {
        columns.add(found.getString("COLUMN_NAME"));
      }
    }
    assertThat(columns).contains("time", "trace_id", "attributes", "events");
    try (ResultSet found = about.getSchemas()) {
      assertThat(found.next()).isTrue();
      assertThat(found.getString("TABLE_SCHEM")).isEqualTo("default");
      assertThat(found.next()).isFalse();
    }
    try (ResultSet keys = about.getPrimaryKeys("sluice", "default", "traces")) {
      assertThat(keys.next()).isFalse();
    }
    assertThat(about.getDatabaseProductName()).isEqualTo("Sluice");
    assertThat(about.isReadOnly()).isTrue();
    assertThat(about.getIdentifierQuoteString()).isEqualTo("\"");
    assertThat(endpoint.reading.writer.tickets).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Table.class)
  void valuesOfAllColumnsArriveHotAndPersistedAlike(Table table) throws Exception {
    Map<String, Object> row = TestRows.full(TableSchema.of(table).columns());
    endpoint.reading.persist(table, 0, 1, List.of(row));
    endpoint.reading.writer.add(table, 2, row);
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
      List<String> texts = new ArrayList<>();
      while (rows.next()) {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
          Object value = rows.getObject(i);
          assertThat(value).as(rows.getMetaData().getColumnName(i)).isNotNull();
          text.append(text(value));
        }
        texts.add(text.toString());
      }
      assertThat(texts).hasSize(2);
      assertThat(texts.get(0)).isEqualTo(texts.get(1)).contains("http.route", "time");
    }
  }

  private static String text(Object value) throws SQLException {
    if (value instanceof java.sql.Array array) {
      return text(array.getArray());
    }
    if (value instanceof byte[] bytes) {
      return Arrays.toString(bytes);
    }
    StringBuilder text = new StringBuilder();
    if (value instanceof Object[] list) {
      for (Object each : list) {
        text.append(text(each)).append(';');
      }
    } else if (value instanceof List<?> list) {
      for (Object each : list) {
        text.append(text(each)).append(';');
      }
    } else if (value instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> each : map.entrySet()) {
        text.append(each.getKey()).append('=').append(text(each.getValue())).append(';');
      }
    } else {
      text.append(value);
    }
    return text.toString();
  }

  @Test
  void timesComeAsObjectsTimestampsAndTextAlike() throws Exception {
    spans();
    Properties utc = new Properties();
    utc.setProperty("timeZone", "UTC");
    try (Connection inUtc = endpoint.connect(utc);
        Statement statement = inUtc.createStatement();
        ResultSet found = statement.executeQuery("SELECT time FROM traces")) {
      Timestamp noon = Timestamp.valueOf("2026-11-22 12:00:00");
      while (found.next()) {
        assertThat(found.getObject(1)).isEqualTo(noon);
        assertThat(found.getTimestamp(1)).isEqualTo(noon);
        assertThat(found.getString(1)).isEqualTo("2026-11-22 12:00:00.0");
      }
      assertThat(found.getMetaData().getColumnType(1)).isEqualTo(Types.TIMESTAMP);
    }
  }

  /** Arrow's JDBC driver prepares each. */
  @Test
  void preparingComputesNothing() throws Exception {
    String sql = "SELECT count(*) n, 1 n FROM range(1000000000) a, range(1000000000) b WHERE a > ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      assertThat(statement.getMetaData().getColumnName(2)).isEqualTo("n");
      assertThat(statement.getParameterMetaData().getParameterCount()).isEqualTo(1);
    }
    String heavy = "SELECT count(*) n, ';' FROM range(1000000000) a, range(1000000000) b";
    for (String each :
        List.of(heavy, heavy + "; -- n;", heavy + " /*;*/ ;;", "EXPLAIN ANALYZE " + heavy)) {
      try (PreparedStatement statement = connection.prepareStatement(each)) {
        assertThat(statement.getMetaData().getColumnCount()).as(each).isEqualTo(2);
      }
    }
    assertThatThrownBy(() -> rows(connection, "SELECT ('a' || range)::INT FROM range(10)"))
        .hasMessageContaining("Could not convert string 'a0' to INT32");
  }

  @Test
  void typesThatOnlyDuckDbHasAreText() throws Exception {
    assertThat(
            rows(
                connection,
                "SELECT 'a'::ENUM('b', 'a'), 170141183460469231731687303715884105727::HUGEINT,"
                    + " '00000000-0000-0000-0000-000000000001'::UUID, NULL::HUGEINT, 1.5::DECIMAL(9,2)"))
        .isEqualTo(
            "a,170141183460469231731687303715884105727,00000000-0000-0000-0000-000000000001,null,1.50\n");
  }

  @Test
  void preparedStatementTakesParametersAgainAndAgain() throws Exception {
    spans();
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT name FROM traces WHERE duration_nano >= ? AND time <= ? AND name <> ? ORDER BY 1")) {
      statement.setLong(1, 10);
      statement.setTimestamp(2, Timestamp.from(TestRows.NOON));
      statement.setString(3, "none");
      try (ResultSet found = statement.executeQuery()) {
        assertThat(rows(found)).isEqualTo("hot\npersisted\n");
      }
      statement.setLong(1, 11);
      statement.setTimestamp(2, Timestamp.from(TestRows.NOON));
      statement.setString(3, "none");
      try (ResultSet found = statement.executeQuery()) {
        assertThat(rows(found)).isEqualTo("hot\n");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELEC 1",
        "SELECT nam FROM traces",
        "SELECT 1 FROM trace",
        "SELECT 1; SELECT 2",
        "DELETE FROM traces",
        "CREATE TABLE t (a INT)",
        "COPY traces TO '/tmp/x'",
        "ATTACH '/tmp/x.db'",
        "SET memory_limit = '1GB'",
        "PRAGMA database_list",
        "SELECT * FROM '/etc/passwd.csv'",
        "SELECT * FROM \"/etc/passwd.csv\", (WITH \"/etc/passwd.csv\" AS (SELECT 1) SELECT 1)",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM (SELECT * FROM read_blob('/etc/passwd'))",
        "SELECT (SELECT count(*) FROM read_text('/etc/passwd'))",
        "SELECT 1 WHERE EXISTS (FROM parquet_metadata('x'))",
        "WITH a AS (FROM read_text('/etc/passwd')) SELECT * FROM a",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM query('SELECT 1')",
        "SELECT json_serialize_plan('SELECT * FROM read_text(''/etc/passwd'')')",
        "SELECT current_setting('temp_directory')",
        "SELECT getenv('HOME')",
        "SELECT pg_sleep(1)",
        "SELECT pg_get_viewdef(1)",
        "SELECT getvariable('a')",
        "SELECT * FROM memory.main.traces",
        "DESCRIBE '/etc/passwd.csv'",
        "SUMMARIZE '/etc/passwd.csv'"
      })
  void whatDoesNotOnlyReadTablesIsRefusedInOneSentence(String sql) throws Exception {
    assertThatThrownBy(() -> rows(connection, sql))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("cannot ")
        .hasMessageNotContaining("root:")
        .hasMessageNotContaining("internal")
        .satisfies(e -> assertThat(e.getMessage().strip().lines()).hasSize(1));
    endpoint.awaitIdle();
    assertThat(rows(connection, "SELECT 1")).isEqualTo("1\n");
  }

  @Test
  void updatesAreRefused() throws Exception {
    try (Statement statement = connection.createStatement()) {
      assertThatThrownBy(() -> statement.executeUpdate("DELETE FROM traces"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("only SELECT");
    }
  }

  @Test
  void unknownTableIsSaidWithThoseThereAre() {
    assertThatThrownBy(() -> rows(connection, "SELECT 1 FROM trace"))
        .hasMessageContaining("cannot find table trace: there are ")
        .hasMessageContaining("metrics_gauge");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SHOW TABLES",
        "DESCRIBE traces",
        "DESCRIBE SELECT * FROM logs",
        "EXPLAIN SELECT * FROM logs",
        "SELECT * FROM range(3)",
        "SELECT unnest([1, 2])",
        "SELECT * FROM unnest([1, 2])",
        "WITH a AS (SELECT 1 x) SELECT * FROM a",
        "SELECT 1 -- a comment",
        "SELECT 1;",
        "FROM traces SELECT count(*)"
      })
  void whatOnlyReadsRuns(String sql) throws Exception {
    assertThat(rows(connection, sql)).isNotEmpty();
  }

  @Test
  void aWriterThatIsAwayIsSaid() throws Exception {
    String away = endpoint.reading.writer.address().toString();
    endpoint.reading.writer.close();
    assertThatThrownBy(() -> rows(connection, "SELECT count(*) FROM traces"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("cannot ")
        .hasMessageContaining(away);
    assertThat(rows(connection, "SELECT 1")).isEqualTo("1\n");
  }

  @Test
  void whoReadsNoFurtherEndsTheStatement() throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT * FROM range(100000000000)")) {
      assertThat(found.next()).isTrue();
      assertThat(endpoint.service.running()).isEqualTo(1);
      statement.cancel();
    }
    endpoint.awaitIdle();
  }

  @Test
  void manyClientsReadAtOnce() throws Exception {
    spans();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<String>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        all.add(
            () -> {
              try (Connection own = endpoint.connect()) {
                return rows(own, "SELECT count(*) FROM traces, range(50000)");
              }
            });
      }
      for (Future<String> each : threads.invokeAll(all)) {
        assertThat(each.get()).isEqualTo("100000\n");
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void longResultsOfASessionAreInOrder() throws Exception {
    long expected = 300_000;
    for (String line :
        endpoint
            .reading
            .csv("SELECT * FROM range(300000) ORDER BY 1 DESC")
            .lines()
            .skip(1)
            .toList()) {
      assertThat(Long.parseLong(line)).isEqualTo(--expected);
    }
    assertThat(expected).isZero();
  }

  @Test
  void longResultsArriveWhole() throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery("SELECT * FROM range(300000) ORDER BY 1")) {
      long expected = 0;
      while (found.next()) {
        assertThat(found.getLong(1)).isEqualTo(expected++);
      }
      assertThat(expected).isEqualTo(300_000);
    }
  }
}
