package io.sluice.cli;

import io.sluice.query.RecordLedger;
import io.sluice.query.WriterStatus;
import io.sluice.query.WriterStatus.TableStatus;
import java.io.PrintWriter;
import java.util.List;

/** A Writer's ledger for people: a line for each table that had records, with aligned columns. */
final class LedgerLines {

  private static final String ALL = "all";

  /** Records by which tables' ledgers do not add up, either way; 0 if all do. */
  static long missing(WriterStatus status) {
    long tables =
        status.tables().stream().mapToLong(table -> Math.abs(table.ledger().missing())).sum();
    return Math.max(tables, Math.abs(status.ledger().missing()));
  }

  static void print(PrintWriter out, WriterStatus status) {
    List<String> columns = List.copyOf(status.ledger().records().keySet());
    StringBuilder head = new StringBuilder("  %-40s".formatted("records since its start"));
    columns.forEach(column -> head.append(" %12s".formatted(column)));
    out.println(head);
    List<TableStatus> tables =
        status.tables().stream().filter(table -> !table.ledger().isEmpty()).toList();
    for (TableStatus table : tables) {
      line(out, columns, table.tenant() + "." + table.table(), table.ledger());
    }
    if (tables.size() != 1) {
      line(out, columns, ALL, status.ledger());
    }
    if (missing(status) == 0) {
      out.println("    records missing: 0");
    }
  }

  private static void line(
      PrintWriter out, List<String> columns, String name, RecordLedger ledger) {
    StringBuilder line = new StringBuilder("    %-38s".formatted(name));
    for (String column : columns) {
      line.append(" %12d".formatted(ledger.records().getOrDefault(column, 0L)));
    }
    out.println(line);
    if (ledger.missing() != 0) {
      out.printf(
          "    records missing: %d (a bug: keep the data directory and the Writer's log, and report"
              + " it)%n",
          ledger.missing());
    }
  }

  private LedgerLines() {}
}
