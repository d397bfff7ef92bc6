package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.query.RecordLedger;
import io.sluice.query.WriterStatus;
import io.sluice.query.WriterStatus.TableStatus;
import io.sluice.schema.service.HostPort;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            " all 13 3 6 8 0 2");
    assertThat(
            text().lines().dropWhile(line -> !line.contains("records since")).map(String::length))
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
    assertThat(text()).containsPattern("all +12 +3 +5 +8 +0 +2").doesNotContain("missing");
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
    return new TableStatus("default", name, 5, 2048, 2, 6, ledger, failure);
  }

  private static WriterStatus status(long toFull, RecordLedger all, TableStatus... tables) {
    return new WriterStatus(
        "writer-0", null, "id", 1, 7, 1024, 1 << 30, toFull, List.of(tables), all, "{\"v\":1}");
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
