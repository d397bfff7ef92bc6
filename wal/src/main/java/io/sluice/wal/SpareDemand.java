package io.sluice.wal;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many spare segments are worth their disk, by how they are taken: to fill a new one takes as
 * long as to fill it with records, and who takes one that is not there yet waits, with all that is
 * acked after it. So released ones are kept as long as they are used, unless they have more of the
 * disk than they leave. Guarded by whoever has it.
 */
final class SpareDemand {
  /** Nobody needs to look more often whether there are too many. */
  static final long LOOK_MILLIS = TimeUnit.MINUTES.toMillis(5);

  private static final int LEAST_READY = 2;
  private static final int MOST_READY = 8;

  private final int most;
  private final long segmentBytes;
  private final LongSupplier nanoTime;
  private int ready;
  private int least;
  private long lookedNanos;
  private long usableBytes = Long.MAX_VALUE;

  /**
   * @param most spares whatever happens
   * @param nanoTime monotonic
   */
  SpareDemand(int most, long segmentBytes, LongSupplier nanoTime) {
    this.most = most;
    this.segmentBytes = segmentBytes;
    this.nanoTime = nanoTime;
    this.ready = Math.min(LEAST_READY, most);
    this.lookedNanos = nanoTime.getAsLong();
  }

  /** So many should be there, made if they are not. */
  int ready() {
    return ready;
  }

  /** So many are kept of those that are there anyway. */
  int kept() {
    return (int) Math.min(most, Math.max(ready, usableBytes / segmentBytes));
  }

  /** One was taken or dropped, so many are left. */
  void left(int spares) {
    least = Math.min(least, spares);
  }

  /** One was wanted, and none was there. */
  void waited() {
    ready = Math.min(MOST_READY, most);
  }

  /** What the disk has left. */
  void diskHas(long bytes) {
    usableBytes = bytes;
  }

  boolean isTimeToLook() {
    return nanoTime.getAsLong() - lookedNanos >= TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
  }

  /** How many of so many were not needed since the last look. */
  int unused(int spares) {
    int unused = Math.max(0, least - ready);
    if (least >= ready) {
      ready = Math.min(LEAST_READY, most);
    }
    least = spares - unused;
    lookedNanos = nanoTime.getAsLong();
    return unused;
  }
}
