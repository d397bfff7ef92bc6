package io.sluice.bench.harness;

import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.audit.Ledger;
import io.sluice.bench.audit.Reconciliation;
import io.sluice.bench.audit.RowContent;
import io.sluice.bench.audit.RowKeys;
import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What one read gave of a run, kept until it is known what had been sent when the read ended. One
 * thread uses it, once.
 */
public final class SeenKeys implements RowKeys {

  private final RunKeys keys;
  private final Map<Table, LongStream.Builder> seen = new EnumMap<>(Table.class);
  private final Map<String, List<String>> spans = new HashMap<>();

  /**
   * @param traces of these traces the span ids are kept, too
   */
  public SeenKeys(RunKeys keys, List<String> traces) {
    this.keys = keys;
    traces.forEach(trace -> spans.put(trace, new ArrayList<>()));
  }

  @Override
  public void span(@Nullable String traceId, @Nullable String spanId, @Nullable RowContent row) {
    if (traceId == null || spanId == null) {
      return;
    }
    keys.ofSpan(traceId, spanId).ifPresent(key -> add(Table.TRACES, key));
    List<String> ofTrace = spans.get(traceId);
    if (ofTrace != null) {
      ofTrace.add(spanId);
    }
  }

  @Override
  public void keyed(Table table, @Nullable String key, @Nullable RowContent row) {
    if (key != null) {
      keys.ofText(key).ifPresent(found -> add(table, found));
    }
  }

  private void add(Table table, long key) {
    seen.computeIfAbsent(table, any -> LongStream.builder()).add(key);
  }

  /** The span ids of one of the traces, sorted. */
  List<String> spans(String traceId) {
    List<String> found = spans.getOrDefault(traceId, new ArrayList<>());
    Collections.sort(found);
    return found;
  }

  /** What was seen, against what was acked before the read began and sent by its end. */
  public AuditResult compare(Ledger before, Ledger after) {
    Reconciliation reconciliation = new Reconciliation(after.ackedAsOf(before));
    seen.forEach((table, found) -> found.build().forEach(key -> reconciliation.seen(table, key)));
    return reconciliation.finish();
  }

  /**
   * Each key at most once, none that was not sent by the end, all that were acked before.
   *
   * @param before read before the read began
   * @param after read when it had ended
   * @throws AssertionError it is not so
   */
  public void require(Ledger before, Ledger after, String what) {
    AuditResult result = compare(before, after);
    if (!result.clean()) {
      throw new AssertionError(
          "%s: of what was acked before the read and sent by its end: %s; %s"
              .formatted(what, result, result.offenders()));
    }
  }
}
