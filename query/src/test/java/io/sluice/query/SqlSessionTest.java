package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SqlSessionTest {

  @TempDir private Path directory;
  private Reading reading;

  @BeforeEach
  void open() throws Exception {
    reading = new Reading(directory);
    reading.lake.ensureTables("default");
    for (int i = 1; i <= 3; i++) {
      reading.writer.add(Table.TRACES, i, row("n" + i, "t" + i));
      reading.writer.add(Table.LOGS, i, Map.of("time", TestRows.NOON, "trace_id", "t" + i));
    }
  }

  @AfterEach
  void close() throws Exception {
    reading.close();
  }

  @Test
  void writersAreAskedOnlyForTheColumnsThatTheStatementNames() throws Exception {
    reading.csv("SELECT name FROM traces WHERE kind IS NULL");
    assertThat(reading.writer.tickets.get(0).columns()).containsExactly("name", "kind");
    reading.csv("SELECT count(*) FROM traces");
    assertThat(reading.writer.tickets.get(1).columns()).containsExactly("time");
    reading.csv("SELECT * FROM traces");
    assertThat(reading.writer.tickets.get(2).columns())
        .hasSize(TableSchema.of(Table.TRACES).columns().size());
  }

  @Test
  void tableNamedTwiceAndTwoTablesAreJoined() throws Exception {
    assertThat(
            reading.csv(
                "SELECT a.name x, b.name y FROM traces a JOIN traces b USING (trace_id) ORDER BY 1"))
        .isEqualTo("x,y\nn1,n1\nn2,n2\nn3,n3\n");
    assertThat(
            reading.value("SELECT count(*) FROM traces t JOIN logs l ON t.trace_id = l.trace_id"))
        .isEqualTo("3");
    assertThat(
            reading.value("WITH t AS (SELECT name FROM traces) SELECT count(*) FROM t a, t b, t c"))
        .isEqualTo("27");
    assertThat(reading.writer.tickets).filteredOn(t -> t.table() == Table.LOGS).hasSize(1);
  }

  @Test
  void longResultIsInTheOrderThatWasAskedFor() throws Exception {
    List<String> lines =
        reading.csv("SELECT * FROM range(2000000) ORDER BY 1 DESC").lines().skip(1).toList();
    assertThat(lines).hasSize(2_000_000);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i)).isEqualTo(Integer.toString(1_999_999 - i));
    }
  }

  @Test
  void tablesAndColumnsAreDescribedWithoutAWriter() throws Exception {
    assertThat(reading.csv("DESCRIBE logs"))
        .contains("time,TIMESTAMP WITH TIME ZONE")
        .contains("attributes,\"MAP(VARCHAR, VARCHAR)\"");
    assertThat(reading.csv("SHOW TABLES").lines().skip(1).map(l -> l.split(",")[0]))
        .containsExactlyInAnyOrderElementsOf(Table.all().stream().map(Table::tableName).toList());
    assertThat(reading.writer.tickets).isEmpty();
  }

  @Test
  void wrongColumnIsSaidWithThoseThereAre() {
    assertThatThrownBy(() -> reading.csv("SELECT servce_name FROM traces"))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("servce_name")
        .hasMessageContaining("service_name");
  }

  @Test
  void wrongTableIsSaid() {
    assertThatThrownBy(() -> reading.csv("SELECT 1 FROM trace"))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("trace");
  }

  @Test
  void valueThatDoesNotConvertIsTheStatementsFault() {
    assertThatThrownBy(() -> reading.csv("SELECT CAST(name AS INTEGER) FROM traces"))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("Could not convert");
  }

  @Test
  void failureFarIntoTheRowsLeavesNoWholeResult() throws Exception {
    String sql =
        "SELECT CAST(CASE x WHEN 900000 THEN 'a' ELSE '1' END AS INT) FROM range(1000000) t(x)";
    StringBuilder out = new StringBuilder();
    assertThatThrownBy(
            () -> {
              try (SqlResult result = reading.session.run(sql, reading.reader(), "default")) {
                ResultFormat.JSON.write(result, out);
              }
            })
        .isInstanceOf(SqlException.class);
    assertThat(out.toString()).doesNotContain("]");
  }

  @Test
  void statementsRunOneAfterTheOtherInOneSession() throws Exception {
    for (int i = 0; i < 3; i++) {
      assertThat(reading.value("SELECT count(*) FROM traces")).isEqualTo("3");
    }
    reading.writer.add(Table.TRACES, 4, row("n4", "t4"));
    assertThat(reading.value("SELECT count(*) FROM traces")).isEqualTo("4");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"default\".traces",
        "sluice.\"default\".traces",
        "sluice.traces",
        "sluice.main.traces",
        "main.traces",
        "\"Default\".Traces"
      })
  void tenantIsASchemaOfTheCatalogSluice(String table) throws Exception {
    assertThat(reading.value("SELECT count(*) FROM " + table)).isEqualTo("3");
    assertThat(reading.value("SELECT count(*) FROM %s a, traces b".formatted(table)))
        .isEqualTo("9");
    assertThat(reading.csv("DESCRIBE " + table)).contains("trace_id,VARCHAR");
  }

  @Test
  void namesOfOneTableAreReadAsOneAndAnotherTenantsAreItsOwn() throws Exception {
    assertThat(reading.value("SELECT count(*) FROM traces a, \"default\".traces b")).isEqualTo("9");
    assertThat(reading.writer.tickets).hasSize(1);
    reading.value("SELECT count(*) FROM sluice.acme.traces");
    assertThat(reading.writer.tickets.get(1).tenant()).isEqualTo("acme");
  }

  @Test
  void reservedTenantIsSaidToNeedQuotes() {
    assertThatThrownBy(() -> reading.csv("SELECT 1 FROM default.traces"))
        .isInstanceOf(SqlException.class)
        .hasMessageContaining("(write \"default\" in double quotes)");
  }

  @Test
  void pivotsFindTheirTables() throws Exception {
    assertThat(
            reading.csv("FROM (PIVOT (SELECT name FROM traces) ON name IN ('n1') USING count(*))"))
        .isEqualTo("n1\n1\n");
    assertThat(
            reading.csv(
                "SELECT n1 FROM (FROM traces SELECT name) PIVOT (count(*) FOR name IN ('n1'))"))
        .isEqualTo("n1\n1\n");
    assertThat(reading.csv("PIVOT traces ON name IN ('n1') USING count(*) GROUP BY time_source"))
        .contains("n1\n")
        .endsWith(",1\n");
    assertThat(
            reading.csv(
                "SELECT b FROM (UNPIVOT traces ON name, trace_id INTO NAME a VALUE b) ORDER BY b"))
        .isEqualTo("b\nn1\nn2\nn3\nt1\nt2\nt3\n");
    assertThat(reading.csv("SELECT v FROM traces UNPIVOT (v FOR k IN (name)) ORDER BY v"))
        .isEqualTo("v\nn1\nn2\nn3\n");
  }

  @Test
  void pivotWithoutItsValuesIsRefusedInASentence() {
    assertThatThrownBy(() -> reading.csv("PIVOT traces ON name USING count(*)"))
        .isInstanceOf(SqlException.class)
        .hasMessage("cannot run: PIVOT needs its values named here (ON column IN (value, ...))");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM query_table('traces')",
        "SELECT * FROM query('SELECT * FROM traces')",
        "SELECT * FROM query_table(['traces', 'logs'])",
        "SELECT * FROM pragma_table_info('main.traces')"
      })
  void functionsThatNameTablesInTextAreRefusedByName(String sql) {
    assertThatThrownBy(() -> reading.csv(sql))
        .isInstanceOf(SqlException.class)
        .hasMessageMatching("cannot run: (query|query_table|pragma_table_info)\\(\\) names its .*");
  }

  @Test
  void explainShowsAPlan() throws Exception {
    assertThat(reading.text(ResultFormat.TABLE, "EXPLAIN SELECT name FROM traces"))
        .contains("ARROW_SCAN")
        .doesNotContain("\\n");
  }

  @Test
  void resultThatIsNotReadToItsEndIsClosed() throws Exception {
    for (String sql : List.of("SELECT name FROM traces", "SELECT * FROM range(10000000)")) {
      try (SqlResult result = reading.session.run(sql, reading.reader(), "default")) {
        assertThat(result.next()).isTrue();
      }
    }
    assertThat(reading.value("SELECT count(*) FROM traces")).isEqualTo("3");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT count(*) FROM range(1000000000) a, range(1000000) b",
        "SELECT * FROM range(100000000000) WHERE range > 99999999990",
      })
  void statementThatIsCancelledFailsAndTheNextIsAsBefore(String endless) throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    Thread canceller =
        new Thread(
            () -> {
              while (!ended.get()) { // it may not have begun yet
                reading.session.cancel();
                LockSupport.parkNanos(5_000_000);
              }
            });
    canceller.start();
    try {
      assertThatThrownBy(() -> reading.csv(endless)).isInstanceOf(SqlException.class);
    } finally {
      ended.set(true);
      canceller.join();
    }
    assertThat(reading.value("SELECT count(*) FROM traces")).isEqualTo("3");
  }

  private static Map<String, Object> row(String name, String traceId) {
    Map<String, Object> row = new HashMap<>();
    row.put("time", TestRows.NOON);
    row.put("name", name);
    row.put("trace_id", traceId);
    return row;
  }
}
