package io.sluice.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.audit.Reconciliation.Fault;
import io.sluice.bench.audit.Reconciliation.Offender;
import io.sluice.bench.record.Content;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Shape;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReconciliationTest {

  private static final RunKeys KEYS = new RunKeys(0xabcdef);
  private static final Shape LOGS = new Shape(Signal.LOGS, 70);
  private static final Shape METRICS = new Shape(Signal.METRICS, 20);
  private final Ledger ledger = new Ledger(KEYS);
  private final Reconciliation reconciliation = new Reconciliation(ledger);

  /** Lane 0: acked logs. Lane 2: metrics that were sent and never acked. */
  @BeforeEach
  void send() {
    ledger.sent(0, 0, LOGS);
    ledger.acked(0, 0, 70);
    ledger.sent(2, 0, METRICS);
  }

  @Test
  void whatWasAckedAndIsThereOnceIsClean() {
    seeLogs(0, 70);
    AuditResult result = reconciliation.finish();

    assertThat(result.clean()).isTrue();
    assertThat(result).hasToString("70 acked, 0 lost, 0 duplicated, 0 extra");
    assertThat(result.unknown()).isEqualTo(20);
    assertThat(result.unknownStored()).isZero();
    assertThat(result.offenders()).isEmpty();
  }

  @Test
  void aMissingRecordIsLost() {
    seeLogs(0, 66);
    seeLogs(67, 70);
    AuditResult result = reconciliation.finish();

    assertThat(result).hasToString("70 acked, 1 lost, 0 duplicated, 0 extra");
    assertThat(result.clean()).isFalse();
    assertThat(result.offenders())
        .containsExactly(
            new Offender(
                Fault.LOST,
                Table.LOGS,
                "0000000000abcdef.0000000000000042 (lane 0, request 0, record 66)"));
  }

  @Test
  void aRecordSeenThreeTimesIsTwoDuplicates() {
    seeLogs(0, 70);
    seeLogs(69, 70);
    seeLogs(69, 70);

    assertThat(reconciliation.finish()).hasToString("70 acked, 0 lost, 2 duplicated, 0 extra");
  }

  @Test
  void whatWasNeverSentIsExtra() {
    seeLogs(0, 70);
    reconciliation.seen(Table.LOGS, RunKeys.pack(0, 0, 70));
    reconciliation.seen(Table.LOGS, RunKeys.pack(0, 1, 0));
    reconciliation.seen(Table.LOGS, RunKeys.pack(1, 0, 0));
    reconciliation.seen(Table.LOGS, RunKeys.pack(9, -1, 0));
    AuditResult result = reconciliation.finish();

    assertThat(result).hasToString("70 acked, 0 lost, 0 duplicated, 4 extra");
    assertThat(result.offenders()).extracting(Offender::fault).containsOnly(Fault.EXTRA);
  }

  @Test
  void aRecordInAnotherTableIsLostAndExtra() {
    seeLogs(1, 70);
    reconciliation.seen(Table.TRACES, RunKeys.pack(0, 0, 0));

    assertThat(reconciliation.finish()).hasToString("70 acked, 1 lost, 0 duplicated, 1 extra");
  }

  @Test
  void whatWasNotAckedMayBeThereOnceButNotTwice() {
    seeLogs(0, 70);
    for (int i = 0; i < 20; i++) {
      reconciliation.seen(METRICS.table(i), RunKeys.pack(2, 0, i));
    }
    reconciliation.seen(Table.METRICS_GAUGE, RunKeys.pack(2, 0, 0));
    AuditResult result = reconciliation.finish();

    assertThat(result).hasToString("70 acked, 0 lost, 1 duplicated, 0 extra");
    assertThat(result.unknownStored()).isEqualTo(20);
  }

  @Test
  void aPartialSuccessNeedsItsAckedRecordsOnly() {
    ledger.acked(0, 0, 68);
    seeLogs(0, 67);

    assertThat(reconciliation.finish()).hasToString("68 acked, 1 lost, 0 duplicated, 0 extra");
  }

  @Test
  void offendersAreTheFirstTen() {
    AuditResult result = reconciliation.finish();

    assertThat(result.lost()).isEqualTo(70);
    assertThat(result.offenders()).hasSize(10);
  }

  @Test
  void whereNothingWasAckedNothingIsClean() {
    AuditResult result = new Reconciliation(new Ledger(KEYS)).finish();

    assertThat(result.clean()).isFalse();
    assertThat(result)
        .hasToString(
            "0 acked, 0 lost, 0 duplicated, 0 extra"
                + " (not clean: nothing was acked, so nothing was compared)");
  }

  @Test
  void whatWasAckedLaterNeedNotBeThereYet() {
    Ledger earlier = new Ledger(KEYS);
    earlier.sent(0, 0, LOGS);
    AuditResult result = new Reconciliation(ledger.ackedAsOf(earlier)).finish();

    assertThat(result.lost()).isZero();
    assertThat(result.unknown()).isEqualTo(90);
  }

  @Test
  void aRowThatSaysSomethingElseThanWasSentIsAltered() {
    ledger.find(0, 0).sample(new Sample(7, 1_000, new Content("cart", "WARN")));
    seeLogs(0, 7);
    seeLogs(8, 70);
    reconciliation.seen(Table.LOGS, RunKeys.pack(0, 0, 7), new Row(1_000, "cart", "INFO"));
    AuditResult result = reconciliation.finish();

    assertThat(result).hasToString("70 acked, 0 lost, 0 duplicated, 0 extra, 1 altered");
    assertThat(result.clean()).isFalse();
    assertThat(result.offenders())
        .extracting(Offender::key)
        .first()
        .asString()
        .endsWith("sent time 1000, service cart, name WARN; the row has 1000, cart, INFO");
  }

  @Test
  void aRowThatSaysWhatWasSentIsCompared() {
    ledger.find(0, 0).sample(new Sample(7, 1_000, new Content("cart", "WARN")));
    seeLogs(0, 7);
    seeLogs(8, 70);
    reconciliation.seen(Table.LOGS, RunKeys.pack(0, 0, 7), new Row(1_000, "cart", "WARN"));
    AuditResult result = reconciliation.finish();

    assertThat(result.clean()).isTrue();
    assertThat(result.compared()).isEqualTo(1);
  }

  private record Row(long timeUnixNano, String service, String name) implements RowContent {}

  private void seeLogs(int from, int to) {
    for (int i = from; i < to; i++) {
      reconciliation.seen(Table.LOGS, RunKeys.pack(0, 0, i));
    }
  }
}
