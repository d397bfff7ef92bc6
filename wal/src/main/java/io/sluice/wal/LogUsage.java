package io.sluice.wal;

/** Disk use of a log in bytes: live and spare segments, against the budget. */
public record LogUsage(long usedBytes, long budgetBytes) {}
