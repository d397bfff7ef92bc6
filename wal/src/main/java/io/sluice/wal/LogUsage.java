package io.sluice.wal;

/**
 * Disk use of a log in bytes.
 *
 * @param usedBytes live segments
 * @param spareBytes files that are ready to be live ones, within the budget too
 * @param capacityBytes of the budget, what live segments may take before records are refused
 * @param releasedBytes live segments given up since the log was opened, in all
 * @param roomBytes of records that may still be appended, by the budget and by what the disk has
 */
public record LogUsage(
    long usedBytes,
    long spareBytes,
    long budgetBytes,
    long capacityBytes,
    long releasedBytes,
    long roomBytes) {

  /** Rows are to be persisted before their time, so that it need not fill. */
  public boolean isHalfFull() {
    return usedBytes > capacityBytes / 2;
  }

  /** Whoever holds it up is to let go. */
  public boolean isThreeQuartersFull() {
    return usedBytes > capacityBytes / 4 * 3;
  }

  /** Live segments since the log was opened, those that were there among them: it only grows. */
  public long everUsedBytes() {
    return usedBytes + releasedBytes;
  }
}
