package io.sluice.bench.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.record.RecordKeys;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Shape;
import io.sluice.bench.record.Templates;
import io.sluice.schema.table.Signal;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {

  private static final RunKeys KEYS = new RunKeys(77);
  private static final Shape SPANS = new Shape(Signal.TRACES, 20);
  private final Ledger ledger = new Ledger(KEYS);

  @Test
  void tracesAreThoseOfRequestsAckedInFull() {
    ledger.sent(0, 0, SPANS);
    ledger.acked(0, 0, 20);
    ledger.sent(0, 1, SPANS);
    ledger.acked(0, 1, 19);
    ledger.sent(1, 0, new Shape(Signal.LOGS, 5));
    ledger.acked(1, 0, 5);

    assertThat(ledger.ackedTraces())
        .containsExactly(RunKeys.pack(0, 0, 0), RunKeys.pack(0, 0, 8), RunKeys.pack(0, 0, 16));
  }

  @Test
  void theSpansOfATraceAreThoseThatAreSentWithItsId() throws Exception {
    ledger.sent(0, 0, SPANS);
    ledger.acked(0, 0, 20);
    byte[] request =
        Templates.of(Set.of(Signal.TRACES), 20, 5, 0).of(Signal.TRACES, 0).fill(KEYS, 0, 0, 0);
    List<Long> sent = new ArrayList<>();
    RecordKeys.read(KEYS, Signal.TRACES, request, (table, key) -> sent.add(key));

    List<String> all = new ArrayList<>();
    ledger.ackedTraces().forEach(trace -> all.addAll(ledger.spansOfTrace(trace)));
    assertThat(all)
        .containsExactlyInAnyOrderElementsOf(
            sent.stream().map(key -> HexFormat.of().toHexDigits(KEYS.spanId(key))).toList());
    assertThat(ledger.spansOfTrace(RunKeys.pack(0, 0, 16))).hasSize(4);
  }
}
