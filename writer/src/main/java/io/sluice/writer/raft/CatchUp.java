package io.sluice.writer.raft;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a replica has what its log's leader had a moment ago: then one more of the log's Writers
 * may be stopped. What the leader has now is no measure: under load a replica is always behind by
 * what is on its way. Thread-safe.
 */
final class CatchUp {

  /** No leader is known, or nothing was heard of it yet. */
  static final long UNKNOWN = -1;

  /** Who asks often is not told of ever newer goals. */
  private static final long LEAST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;
  private long goal = UNKNOWN;
  private long since;

  CatchUp(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * What is wanting; null if nothing is.
   *
   * @param committed by the leader, when it was heard last; or {@link #UNKNOWN}
   * @param applied here
   */
  synchronized @Nullable String lacking(long committed, long applied) {
    if (committed == UNKNOWN) {
      return "no leader is known";
    }
    long now = nanoTime.getAsLong();
    if (goal == UNKNOWN || (applied >= goal && now - since >= LEAST_NANOS)) {
      boolean first = goal == UNKNOWN;
      goal = committed;
      since = now;
      if (!first) {
        return null; // it had the last one
      }
    }
    return applied >= goal
        ? null
        : "applied up to position %d, its leader had %d".formatted(applied, goal);
  }
}
