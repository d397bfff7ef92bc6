package io.sluice.bench.audit;

import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Table;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Gives each row to the run it is of, and counts those that cannot be of any. */
final class Sorter implements RowKeys {

  private final List<Audit.Run> runs;
  private long unreadable;

  Sorter(List<Audit.Run> runs) {
    this.runs = runs;
  }

  /** Rows whose key is missing, or is not of the form that runs write. */
  long unreadable() {
    return unreadable;
  }

  @Override
  public void span(@Nullable String traceId, @Nullable String spanId, @Nullable RowContent row) {
    if (traceId == null || spanId == null || !RunKeys.isSpan(traceId, spanId)) {
      unreadable++;
      return;
    }
    for (Audit.Run run : runs) {
      tell(run, Table.TRACES, run.ledger().keys().ofSpan(traceId, spanId), row);
    }
  }

  @Override
  public void keyed(Table table, @Nullable String key, @Nullable RowContent row) {
    if (key == null || !RunKeys.isText(key)) {
      unreadable++;
      return;
    }
    for (Audit.Run run : runs) {
      tell(run, table, run.ledger().keys().ofText(key), row);
    }
  }

  private static void tell(Audit.Run run, Table table, OptionalLong key, @Nullable RowContent row) {
    if (key.isPresent()) {
      run.reconciliation().seen(table, key.getAsLong(), row);
    }
  }
}
