package io.sluice.wal;

/**
 * Disk use of a log in bytes.
 *
 * @param usedBytes live and spare segments
 * @param releasedBytes live segments given up since the log was opened, in all
 */
public record LogUsage(long usedBytes, long budgetBytes, long releasedBytes) {}
