package io.sluice.bench.audit;

import io.sluice.schema.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Compares what load runs noted with the tables. */
public final class Audit {

  private Audit() {}

  /**
   * @param files audit files of runs into these tables; other runs' rows are passed over
   * @throws IOException a file cannot be read
   */
  public static AuditResult run(List<Path> files, AuditTarget target) throws Exception {
    try (TableRows tables = new TableRows(target)) {
      return run(files, tables);
    }
  }

  /**
   * The same of runs that began after this moment, by the Acceptor's clock: files that are older
   * are not read.
   */
  public static AuditResult run(List<Path> files, AuditTarget target, Instant since)
      throws Exception {
    try (TableRows tables = new TableRows(target, new IcebergRows(since))) {
      return run(files, tables);
    }
  }

  /** The same with rows from elsewhere. */
  public static AuditResult run(List<Path> files, RowSource tables) throws Exception {
    List<Run> runs = new ArrayList<>();
    for (Path file : files) {
      Ledger ledger = Ledger.read(file);
      runs.add(new Run(ledger, new Reconciliation(ledger)));
    }
    Sorter sorter = new Sorter(runs);
    for (Table table : Table.all()) {
      tables.read(table, sorter);
    }
    return runs.stream()
        .map(run -> run.reconciliation.finish())
        .reduce(AuditResult::plus)
        .orElseThrow(() -> new IOException("cannot audit: no file is named"))
        .beside(sorter.unreadable());
  }

  /** A run and what becomes of it. */
  record Run(Ledger ledger, Reconciliation reconciliation) {}
}
