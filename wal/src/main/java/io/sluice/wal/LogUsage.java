package io.sluice.wal;

/**
 * Disk use of a log in bytes.
 *
 * @param usedBytes live segments
 * @param spareBytes files that are ready to be live ones, within the budget too
 * @param releasedBytes live segments given up since the log was opened, in all
 * @param roomBytes of records that may still be appended, by the budget and by what the disk has
 */
public record LogUsage(
    long usedBytes, long spareBytes, long budgetBytes, long releasedBytes, long roomBytes) {

  /** Live segments since the log was opened, those that were there among them: it only grows. */
  public long everUsedBytes() {
    return usedBytes + releasedBytes;
  }
}
