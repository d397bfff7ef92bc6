package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.query.ParsedSql.Kind;
import io.sluice.query.TableUses.Use;
import io.sluice.schema.table.Table;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableUsesTest {

  private static Connection duckdb;

  @BeforeAll
  static void open() throws Exception {
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterAll
  static void close() throws Exception {
    duckdb.close();
  }

  @Test
  void columnsAreThoseNamedAnywhereInTheStatement() throws Exception {
    ParsedSql sql =
        parse(
            """
            SELECT t.Name, attributes['http.route'], count(*) FILTER (kind = 'SERVER')
              OVER (PARTITION BY flags ORDER BY end_time_unix_nano)
            FROM Traces t JOIN logs l USING (trace_id)
            WHERE time > now() - INTERVAL 1 DAY AND EXISTS (SELECT 1 FROM metrics_sum WHERE unit = t.status_code)
            GROUP BY ALL HAVING max(duration_nano) > 1 ORDER BY l.body
            """);
    assertThat(sql.uses().columns().all()).isFalse();
    assertThat(sql.uses().columns().names())
        .contains(
            "name",
            "attributes",
            "kind",
            "flags",
            "end_time_unix_nano",
            "trace_id",
            "time",
            "unit",
            "status_code",
            "duration_nano",
            "body")
        .doesNotContain("events", "resource_attributes");
    assertThat(sql.uses().tables())
        .containsExactlyInAnyOrder(
            new Use("", Table.TRACES), new Use("", Table.LOGS), new Use("", Table.METRICS_SUM));
    assertThat(sql.uses().readsOnce()).isFalse();
  }

  @Test
  void countNeedsNoColumnAtAll() throws Exception {
    ParsedSql sql = parse("SELECT count(*) FROM traces");
    assertThat(sql.uses().columns()).isEqualTo(new ColumnSet(false, java.util.Set.of()));
    assertThat(sql.uses().readsOnce()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM traces",
        "FROM traces",
        "SELECT t.* EXCLUDE (name) FROM traces t",
        "SELECT COLUMNS('a.*') FROM traces",
        "SELECT t FROM traces t",
        "SELECT to_json(traces) FROM traces",
        "SELECT #1 FROM traces",
        "SELECT a FROM traces AS t(a, b)",
        "SELECT 1 FROM traces NATURAL JOIN logs",
        "SELECT b FROM (UNPIVOT traces ON name INTO NAME a VALUE b)",
        "SELECT count(*) FROM (SUMMARIZE traces)",
        "SELECT name FROM (SELECT * FROM traces)",
        "WITH t AS (SELECT * FROM traces) SELECT name FROM t"
      })
  void whatCanMeanAColumnWithoutItsNameMeansAll(String sql) throws Exception {
    assertThat(parse(sql).uses().columns()).isEqualTo(ColumnSet.ALL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT a.name FROM traces a, traces b",
        "WITH t AS (SELECT name FROM traces) SELECT name FROM t UNION ALL SELECT name FROM t",
        "WITH RECURSIVE t(n) AS (SELECT name FROM traces UNION SELECT n FROM t) SELECT n FROM t",
        "SELECT name FROM traces WHERE name IN (SELECT 'x')",
        "SELECT name FROM (SELECT name FROM traces)",
        "SELECT name FROM traces UNION ALL SELECT name FROM logs"
      })
  void whatMayBeReadAgainIsNotStreamed(String sql) throws Exception {
    assertThat(parse(sql).uses().readsOnce()).isFalse();
  }

  @Test
  void tableOfAnotherTenantIsNamedByItsSchema() throws Exception {
    assertThat(parse("SELECT name FROM acme.traces").uses().tables())
        .containsExactly(new Use("acme", Table.TRACES));
  }

  @Test
  void describeAndShowNeedNoRowsAndExplainIsAPlan() throws Exception {
    assertThat(parse("DESCRIBE traces").kind()).isEqualTo(Kind.SHAPE);
    assertThat(parse("describe select name from traces").kind()).isEqualTo(Kind.SHAPE);
    assertThat(parse("SHOW TABLES;").kind()).isEqualTo(Kind.SHAPE);
    assertThat(parse("SUMMARIZE traces").kind()).isEqualTo(Kind.ROWS);
    assertThat(parse(" explain analyze SELECT name FROM traces").kind()).isEqualTo(Kind.PLAN);
    assertThat(parse("EXPLAIN SELECT name FROM traces").uses().columns().names())
        .containsExactly("name");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE TABLE x (a INT)",
        "DROP VIEW traces",
        "INSERT INTO traces VALUES (1)",
        "COPY traces TO 'x.csv'",
        "SET threads = 1",
        "ATTACH 'x.db'",
        "EXPLAIN ANALYZE CREATE TABLE x (a INT)",
        "PRAGMA database_list",
        "INSTALL httpfs"
      })
  void whatDoesMoreThanReadIsRefused(String sql) {
    assertThatThrownBy(() -> parse(sql))
        .isInstanceOf(SqlException.class)
        .hasMessageStartingWith("cannot run: only SELECT");
  }

  @Test
  void oneStatementAtATime() {
    assertThatThrownBy(() -> parse("SELECT 1; SELECT 2")).hasMessageContaining("2 statements");
    assertThatThrownBy(() -> parse(" ; ")).isInstanceOf(SqlException.class);
    assertThatThrownBy(() -> parse("SELECT FROM WHERE"))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("syntax error");
  }

  private static ParsedSql parse(String sql) throws Exception {
    return ParsedSql.parse(duckdb, sql);
  }
}
