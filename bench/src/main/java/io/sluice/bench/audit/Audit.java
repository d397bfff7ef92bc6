package io.sluice.bench.audit;

import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Compares what load runs noted with the tables. */
public final class Audit {

  private Audit() {}

  /**
   * @param files audit files of runs into these tables; other runs' rows are passed over
   * @throws IOException a file cannot be read
   */
  public static AuditResult run(List<Path> files, AuditTarget target) throws Exception {
    List<Run> runs = new ArrayList<>();
    for (Path file : files) {
      Ledger ledger = Ledger.read(file);
      runs.add(new Run(ledger, new Reconciliation(ledger)));
    }
    try (TableRows tables = new TableRows(target)) {
      for (Table table : Table.all()) {
        tables.read(table, new Sorter(runs));
      }
    }
    return runs.stream()
        .map(run -> run.reconciliation.finish())
        .reduce(AuditResult::plus)
        .orElseThrow(() -> new IOException("cannot audit: no file is named"));
  }

  private record Run(Ledger ledger, Reconciliation reconciliation) {}

  /** Gives each row to the run it is of. */
  private record Sorter(List<Run> runs) implements RowKeys {

    @Override
    public void span(@Nullable String traceId, @Nullable String spanId) {
      if (traceId != null && spanId != null) {
        for (Run run : runs) {
          run.ledger
              .keys()
              .ofSpan(traceId, spanId)
              .ifPresent(key -> run.reconciliation.seen(Table.TRACES, key));
        }
      }
    }

    @Override
    public void keyed(Table table, @Nullable String key) {
      if (key != null) {
        for (Run run : runs) {
          run.ledger.keys().ofText(key).ifPresent(found -> run.reconciliation.seen(table, found));
        }
      }
    }
  }
}
