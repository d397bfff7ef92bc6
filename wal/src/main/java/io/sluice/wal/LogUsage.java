package io.sluice.wal;

/**
 * Disk use of a log in bytes.
 *
 * @param usedBytes live and spare segments
 * @param releasedBytes live segments given up since the log was opened, in all
 * @param roomBytes of records that may still be appended, by the budget and by what the disk has
 */
public record LogUsage(long usedBytes, long budgetBytes, long releasedBytes, long roomBytes) {}
