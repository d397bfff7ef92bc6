package io.sluice.lake.maintain;

/** What can be done to a table, in the order in which it is done. */
public enum MaintenanceTask {
  /** Deletes days that are over their time, and snapshots that were replaced long ago. */
  RETENTION,
  /** Makes large files of the small ones of a day that is over. */
  COMPACTION,
  /** Deletes files that nothing refers to. */
  ORPHANS
}
