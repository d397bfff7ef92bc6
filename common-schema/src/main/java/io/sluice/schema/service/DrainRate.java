package io.sluice.schema.service;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How fast a budget has lately been freed, and so when who finds no room in it may come again. What
 * was freed counts the less the longer ago it was: by 1/e after the time it remembers. Safe for any
 * thread.
 */
public final class DrainRate {

  /** The shortest wait worth telling anybody. */
  public static final int LEAST_MILLIS = 100;

  /** Beyond it some exporters have no time left to come again. */
  public static final int MOST_MILLIS = 4_000;

  /** While nothing was measured. */
  public static final int UNKNOWN_MILLIS = 1_000;

  private final LongSupplier nanoClock;
  private final double memoryNanos;

  @GuardedBy("this")
  private long lastNanos;

  @GuardedBy("this")
  private double bytes;

  /** How much time the bytes stand for: grows from 0 to the time it remembers. */
  @GuardedBy("this")
  private double nanos;

  @GuardedBy("this")
  private boolean measured;

  @GuardedBy("this")
  private long totalSeen;

  /**
   * @param nanoClock monotonic
   * @param memory how long what was freed counts
   */
  public DrainRate(LongSupplier nanoClock, Duration memory) {
    this.nanoClock = nanoClock;
    this.memoryNanos = memory.toNanos();
    this.lastNanos = nanoClock.getAsLong();
  }

  /** So many bytes have just been freed. */
  public synchronized void freed(long more) {
    age();
    bytes += more;
    measured |= more > 0;
  }

  /** So many bytes have been freed in all: what is new of them, evenly since this was last told. */
  public synchronized void freedInAll(long total) {
    long more = total - totalSeen;
    double passed = (nanoClock.getAsLong() - lastNanos) / memoryNanos;
    freed(0);
    bytes += passed > 0 ? more * -Math.expm1(-passed) / passed : more;
    measured |= more > 0;
    totalSeen = total;
  }

  /** In how many milliseconds so many bytes will be free if it goes on like this. */
  public synchronized int millisUntilFreed(long wanted) {
    if (!measured) {
      return UNKNOWN_MILLIS;
    }
    age();
    double millis = wanted * nanos / bytes / 1e6; // infinite, or no number, if nothing is left
    return millis < MOST_MILLIS ? (int) Math.max(LEAST_MILLIS, Math.ceil(millis)) : MOST_MILLIS;
  }

  @GuardedBy("this")
  private void age() {
    long now = nanoClock.getAsLong();
    double kept = Math.exp(-(now - lastNanos) / memoryNanos);
    bytes *= kept;
    nanos = nanos * kept + memoryNanos * (1 - kept);
    lastNanos = now;
  }
}
