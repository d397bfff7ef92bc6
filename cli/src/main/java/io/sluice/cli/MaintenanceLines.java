package io.sluice.cli;

import io.sluice.lake.maintain.FileTally;
import io.sluice.lake.maintain.TableReport;
import java.io.PrintWriter;

/** What maintenance did, a line for each table. */
final class MaintenanceLines {

  private static final String LINE = "%-38s %18s %18s %17s %9s %25s %17s %7s%n";

  /**
   * Column names.
   *
   * @param done nothing is after what was not done
   */
  static void head(PrintWriter out, boolean done) {
    out.printf(
        LINE,
        "table",
        "files before",
        done ? "files after" : "",
        "over their time",
        "snapshots",
        "compacted",
        "orphans",
        "uploads");
  }

  static void print(PrintWriter out, TableReport report, boolean done) {
    out.printf(
        LINE,
        report.table(),
        text(report.before()),
        done ? text(report.after()) : "",
        text(report.expired()),
        report.snapshots(),
        text(report.compacted())
            + (report.written().files() == 0 ? "" : " -> " + report.written().files()),
        text(report.orphans()),
        report.uploads());
    report.remarks().forEach(remark -> out.println("  " + remark));
    report.failures().forEach(failure -> out.println("  " + failure));
    out.flush();
  }

  private static String text(FileTally files) {
    return files.files() == 0
        ? "0"
        : "%d, %s".formatted(files.files(), StatusReport.bytes(files.bytes()));
  }

  private MaintenanceLines() {}
}
