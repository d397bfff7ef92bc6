package io.sluice.lake.maintain;

import java.util.concurrent.atomic.LongAdder;

/** What maintenance did since the process began. Any thread adds and reads. */
public final class MaintenanceCounters {

  final LongAdder tables = new LongAdder();
  final LongAdder failures = new LongAdder();
  final LongAdder expiredFiles = new LongAdder();
  final LongAdder compactedFiles = new LongAdder();
  final LongAdder orphans = new LongAdder();

  /** Tables that were looked after, each time. */
  public long tables() {
    return tables.sum();
  }

  /** A run that did not come to its tables. */
  public void countFailure() {
    failures.increment();
  }

  /** What could not be done to a table, or a run; it is tried again at the next run. */
  public long failures() {
    return failures.sum();
  }

  /** Data files of days that were over their time. */
  public long expiredFiles() {
    return expiredFiles.sum();
  }

  /** Data files that larger ones replaced. */
  public long compactedFiles() {
    return compactedFiles.sum();
  }

  /** Files that nothing referred to, and uploads that were never ended. */
  public long orphans() {
    return orphans.sum();
  }
}
