package io.sluice.lake;

import java.util.concurrent.atomic.LongAdder;

/** What the lake did since it was opened. Any thread adds and reads. */
public final class LakeCounters {

  final LongAdder commits = new LongAdder();
  final LongAdder refusals = new LongAdder();
  final LongAdder retries = new LongAdder();
  final LongAdder unknown = new LongAdder();
  final LongAdder expiredSnapshots = new LongAdder();
  final LongAdder expiryFailures = new LongAdder();
  final LongAdder discardedFiles = new LongAdder();
  final LongAdder sweepFailures = new LongAdder();
  final LongAdder damagedFiles = new LongAdder();

  /** Commits of ours that are in a table. */
  public long commits() {
    return commits.sum();
  }

  /** Commits refused since the mark was elsewhere or the table lost. */
  public long refusals() {
    return refusals.sum();
  }

  /** Loads and commits tried again after a failure that may pass. */
  public long retries() {
    return retries.sum();
  }

  /** Commits given up with an unknown outcome. */
  public long unknown() {
    return unknown.sum();
  }

  public long expiredSnapshots() {
    return expiredSnapshots.sum();
  }

  /** Expiries that failed; the next one takes the same snapshots. */
  public long expiryFailures() {
    return expiryFailures.sum();
  }

  /** Searches for left-over files that failed; they are tried again after the next commit. */
  public long sweepFailures() {
    return sweepFailures.sum();
  }

  /** Data files without a commit that were deleted. */
  public long discardedFiles() {
    return discardedFiles.sum();
  }

  /** Data files that were found damaged before their commit; their rows are written anew. */
  public long damagedFiles() {
    return damagedFiles.sum();
  }
}
