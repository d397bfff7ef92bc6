package io.sluice.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Shape;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class SorterTest {

  private final Audit.Run traces = run(1, Signal.TRACES);
  private final Audit.Run logs = run(2, Signal.LOGS);
  private final Sorter sorter = new Sorter(List.of(traces, logs));

  @Test
  void eachRowGoesToItsRun() {
    sorter.span(traces.ledger().keys().traceId(0), spanId(0), null);
    sorter.keyed(Table.LOGS, logs.ledger().keys().text(0), null);

    assertThat(traces.reconciliation().finish().clean()).isTrue();
    assertThat(logs.reconciliation().finish().clean()).isTrue();
    assertThat(sorter.unreadable()).isZero();
  }

  @Test
  void rowsWithoutAReadableKeyAreCountedAndNotExtra() {
    sorter.span(null, spanId(0), null);
    sorter.span(traces.ledger().keys().traceId(0), null, null);
    sorter.span(traces.ledger().keys().traceId(0), "", null);
    sorter.span("g".repeat(32), spanId(0), null);
    sorter.keyed(Table.LOGS, null, null);
    sorter.keyed(Table.LOGS, "an order", null);
    sorter.keyed(Table.LOGS, logs.ledger().keys().text(0).replace('.', '-'), null);
    AuditResult result = logs.reconciliation().finish().beside(sorter.unreadable());

    assertThat(sorter.unreadable()).isEqualTo(7);
    assertThat(result)
        .hasToString(
            "1 acked, 1 lost, 0 duplicated, 0 extra, 7 rows of others (with no key of a load)");
  }

  @Test
  void rowsOfAnotherRunAreReadable() {
    sorter.keyed(Table.LOGS, new RunKeys(3).text(0), null);

    assertThat(sorter.unreadable()).isZero();
  }

  private static Audit.Run run(long run, Signal signal) {
    Ledger ledger = new Ledger(new RunKeys(run));
    ledger.sent(0, 0, new Shape(signal, 1));
    ledger.acked(0, 0, 1);
    return new Audit.Run(ledger, new Reconciliation(ledger));
  }

  private String spanId(long key) {
    return HexFormat.of().toHexDigits(traces.ledger().keys().spanId(key));
  }
}
