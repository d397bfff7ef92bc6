package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.query.ClusterLog;
import io.sluice.query.ClusterLogs;
import io.sluice.query.LogClaim;
import io.sluice.query.RecordLedger;
import io.sluice.query.WriterLogs;
import io.sluice.query.WriterStatus;
import io.sluice.query.WriterStatus.LogStatus;
import io.sluice.query.WriterStatus.TableStatus;
import io.sluice.schema.service.HostPort;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StatusReportTest {

  private static final HostPort WRITER = new HostPort("127.0.0.1", 8815);
  private static final RecordLedger RIGHT = ledger(12, 3, 5, 8, 0, 2);

  private final StatusReport report = new StatusReport();
  private final StringWriter out = new StringWriter();

  @Test
  void statusIsForPeopleAndForPrograms() throws Exception {
    report.writer(WRITER, status(-1, RIGHT, table("traces", "no space", RIGHT)));
    report.persisted(new StatusReport.Persisted("default", "traces", 100, 2, 3 << 20, ""));
    assertThat(text())
        .containsPattern("default\\.traces +5 +2\\.0 KiB +100 +2 +3\\.0 MiB")
        .contains("cannot be persisted now: no space");
    assertThat(json()).contains("\"hotRows\":5", "\"persistedRows\":100", "\"status\":{\"v\":1}");
    assertThat(report.isWhole()).isTrue();
  }

  @Test
  void whatIsHotIsNotKnownWhileAWriterIsAway() throws Exception {
    report.writer(WRITER, status(-1, RIGHT, table("traces", null, RIGHT)));
    report.unreachable(new HostPort("127.0.0.1", 8816), "away");
    report.persisted(new StatusReport.Persisted("default", "traces", 100, 2, 3 << 20, ""));
    assertThat(text())
        .containsPattern("default\\.traces +\\? +\\? +100 +2 +3\\.0 MiB")
        .contains("8816: away");
    assertThat(json())
        .contains("\"persistedRows\":100")
        .contains("{\"address\":\"127.0.0.1:8816\",\"error\":\"away\"}")
        .doesNotContain("hotRows");
    assertThat(report.isWhole()).isFalse();
  }

  @Test
  void oneWriterOfThreeThatIsAwayIsShownAndAllIsKnownAsLongAsEachLogIsLed() throws Exception {
    HostPort second = new HostPort("127.0.0.1", 8816);
    HostPort third = new HostPort("127.0.0.1", 8817);
    UUID id = UUID.fromString("00000000-0000-0000-0000-000000000001");
    report.writer(WRITER, status("writer-0", true, 7));
    report.writer(second, status("writer-1", false, 9));
    report.unreachable(third, "away");
    report.persisted(new StatusReport.Persisted("default", "traces", 100, 2, 3 << 20, ""));
    LogClaim leads = claim(id, true, 123);
    LogClaim follows = claim(id, false, 120);
    report.logs(
        cluster(new ClusterLog(0, id, 7, WRITER, true, Map.of(WRITER, leads, second, follows))));
    assertThat(text())
        .containsPattern("default\\.traces +7 +7 B +100 +2 +3\\.0 MiB")
        .contains("Writer 127.0.0.1:8817: away")
        .contains(
            "log 0 (%s): led by writer-0 at 127.0.0.1:8815 (term 7), from position 1, applied up to 123\n"
                .formatted(id))
        .contains("  replicas: writer-1 up to 120, writer-2 is away\n");
    assertThat(json())
        .contains("\"hotRows\":7,", "\"led\":true,", "\"away\":[\"writer-2\"]")
        .contains(
            "{\"writer\":\"writer-1\",\"address\":\"127.0.0.1:8816\",\"leads\":false,\"first\":1,\"applied\":120}");
    assertThat(report.isWhole()).isTrue();
  }

  @Test
  void logThatNobodyLeadsOrWhoseLeaderIsAwayIsShownAndNotWhole() throws Exception {
    HostPort away = new HostPort("127.0.0.1", 8817);
    UUID id = UUID.fromString("00000000-0000-0000-0000-000000000001");
    report.writer(WRITER, status("writer-0", false, 7));
    report.persisted(new StatusReport.Persisted("default", "traces", 100, 2, 3 << 20, ""));
    Map<HostPort, LogClaim> held = Map.of(WRITER, claim(id, false, 120));
    report.logs(
        cluster(
            new ClusterLog(0, id, 7, away, false, held),
            new ClusterLog(1, id, 0, null, false, held),
            new ClusterLog(2, null, 0, null, false, Map.of())));
    assertThat(text())
        .containsPattern("default\\.traces +\\? +\\? +100 +2")
        .contains("log 0 (%s): led at %s, as others say (term 7): no answer".formatted(id, away))
        .contains("log 1 (%s): nobody is known to lead it".formatted(id))
        .contains("log 2: no Writer that answered holds it");
    assertThat(json()).doesNotContain("hotRows");
    assertThat(report.isWhole()).isFalse();
  }

  private static LogClaim claim(UUID id, boolean leads, long applied) {
    return new LogClaim(
        0, id, 7, WRITER, leads, 1, applied, List.of("writer-0", "writer-1", "writer-2"));
  }

  private static ClusterLogs cluster(ClusterLog... logs) {
    return new ClusterLogs(
        List.of(logs),
        List.of(
            new WriterLogs(WRITER, "writer-0", null, logs.length, List.of()),
            new WriterLogs(
                new HostPort("127.0.0.1", 8816), "writer-1", null, logs.length, List.of())),
        Map.of());
  }

  /** Of a Writer that holds one log and has some rows of traces in it. */
  private static WriterStatus status(String writer, boolean leads, long rows) {
    return new WriterStatus(
        writer,
        null,
        -1,
        List.of(new LogStatus(0, "id", leads, 1, 7, 1024, 1 << 30, -1)),
        List.of(new TableStatus("default", "traces", 0, rows, rows, 2, 6, RIGHT, null)),
        RIGHT,
        "{\"v\":1}");
  }

  @Test
  void withoutACatalogItSaysWhatWritersSayAndWhatIsNotKnown() throws Exception {
    report.writer(WRITER, status(-1, RIGHT, table("traces", null, RIGHT)));
    report.withoutCatalog("it is locked");
    assertThat(text())
        .containsPattern("default\\.traces +5 +2\\.0 KiB +\\? +\\? +\\?")
        .contains("what is persisted is not known: it is locked", "Writer writer-0");
    assertThat(report.isWhole()).isFalse();
    assertThat(json())
        .contains("\"hotRows\":5", "\"catalogError\":\"it is locked\"")
        .doesNotContain("persistedRows");
  }

  @Test
  void ledgerIsALineForEachTableThatHadRecordsAndOneForAll() {
    RecordLedger all = ledger(13, 3, 6, 8, 0, 2);
    TableStatus none = table("metrics_sum", null, ledger(0, 0, 0, 0, 0, 0));
    report.writer(
        WRITER,
        status(
            -1,
            all,
            table("traces", null, RIGHT),
            table("logs", null, ledger(1, 0, 1, 0, 0, 0)),
            none));
    assertThat(text().lines().dropWhile(line -> !line.contains("records since")))
        .map(line -> line.replaceAll(" +", " "))
        .containsExactly(
            " records since its start taken replayed hot persisted parked deduplicated",
            " default.traces 12 3 5 8 0 2",
            " default.logs 1 0 1 0 0 0",
            " all 13 3 6 8 0 2",
            " records missing: 0");
    assertThat(
            text()
                .lines()
                .dropWhile(line -> !line.contains("records since"))
                .filter(line -> !line.contains("missing"))
                .map(String::length))
        .as("aligned")
        .containsOnly(2 + 40 + 6 * 13);
    assertThat(report.isWhole()).isTrue();
  }

  @Test
  void recordsThatAreMissingAreSaidAndNotWhole() throws Exception {
    report.writer(WRITER, status(-1, RIGHT, table("traces", null, ledger(12, 3, 4, 8, 0, 2))));
    assertThat(text()).contains("records missing: 1 (a bug");
    assertThat(json()).contains("\"missingRecords\":1");
    assertThat(report.isWhole()).isFalse();
  }

  @Test
  void tablesThatMissAndDoubleAsManyAreNotWhole() throws Exception {
    report.writer(
        WRITER,
        status(
            -1,
            ledger(8, 0, 8, 0, 0, 0),
            table("traces", null, ledger(4, 0, 3, 0, 0, 0)),
            table("logs", null, ledger(4, 0, 5, 0, 0, 0))));
    assertThat(json()).contains("\"missingRecords\":2");
    assertThat(report.isWhole()).isFalse();
  }

  @Test
  void writerThatTellsNoTablesLedgerIsShownAsAWhole() {
    report.writer(WRITER, status(-1, RIGHT, table("traces", null, new RecordLedger(Map.of()))));
    assertThat(text()).containsPattern("all +12 +3 +5 +8 +0 +2").contains("records missing: 0\n");
    assertThat(report.isWhole()).isTrue();
  }

  @Test
  void timeToFullIsSaidOnlyIfTheLogFills() {
    report.writer(WRITER, status(-1, RIGHT));
    assertThat(text()).contains("1.0 KiB of 1.0 GiB used\n");
    report.writer(WRITER, status(744, RIGHT));
    assertThat(text()).contains("1.0 KiB of 1.0 GiB used, full in about 12 min at this rate\n");
    report.writer(WRITER, status(119, RIGHT));
    assertThat(text()).contains("full in about 119 s at this rate");
    report.writer(WRITER, status(4 * 3_600, RIGHT));
    assertThat(text()).contains("full in about 4 h at this rate");
    report.writer(WRITER, status(49 * 3_600, RIGHT));
    assertThat(text()).as("no news").contains("1.0 KiB of 1.0 GiB used\n");
    report.writer(WRITER, status(0, RIGHT));
    assertThat(text()).contains("1.0 KiB of 1.0 GiB used, full\n");
  }

  private static RecordLedger ledger(
      long taken, long replayed, long hot, long persisted, long parked, long deduplicated) {
    Map<String, Long> records = new LinkedHashMap<>();
    records.put("taken", taken);
    records.put("replayed", replayed);
    records.put("hot", hot);
    records.put("persisted", persisted);
    records.put("parked", parked);
    records.put("deduplicated", deduplicated);
    return new RecordLedger(records);
  }

  private static TableStatus table(String name, String failure, RecordLedger ledger) {
    return new TableStatus("default", name, 0, 5, 2048, 2, 6, ledger, failure);
  }

  private static WriterStatus status(long toFull, RecordLedger all, TableStatus... tables) {
    return new WriterStatus(
        "writer-0",
        null,
        -1,
        List.of(new LogStatus(0, "id", true, 1, 7, 1024, 1 << 30, toFull)),
        List.of(tables),
        all,
        "{\"v\":1}");
  }

  private String text() {
    out.getBuffer().setLength(0);
    report.text(new PrintWriter(out));
    return out.toString();
  }

  private String json() throws Exception {
    out.getBuffer().setLength(0);
    report.json(new PrintWriter(out));
    return out.toString();
  }
}
