package io.sluice.writer.persist;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When the log will have no room left if it goes on as it lately did: what an operator has to know
 * during an outage of the store. Every pace looks, and so does whoever asks, as there is no pace as
 * long as the catalog is away at start. Safe for any thread.
 */
public final class TimeToFull {

  /** It is not filling, or nothing is known yet. */
  public static final long NEVER = -1;

  private static final Duration MEMORY = Duration.ofMinutes(1);
  private static final double SECOND = 1e9;

  private final LongSupplier roomBytes;
  private final LongSupplier nanoClock;
  private boolean looked;
  private long lastNanos;
  private long room;

  /** Bytes, and the nanoseconds they took; what is older counts less, by 1/e after the memory. */
  private double filled;

  private double nanos;

  /**
   * @param roomBytes what can be appended now
   * @param nanoClock monotonic
   */
  public TimeToFull(LongSupplier roomBytes, LongSupplier nanoClock) {
    this.roomBytes = roomBytes;
    this.nanoClock = nanoClock;
  }

  /** The more often, the better it knows how fast it fills. */
  public synchronized void look() {
    long now = nanoClock.getAsLong();
    long left = roomBytes.getAsLong();
    if (looked) {
      long passed = now - lastNanos;
      double kept = Math.exp(-passed / (double) MEMORY.toNanos());
      filled = filled * kept + (room - left);
      nanos = nanos * kept + passed;
    }
    looked = true;
    lastNanos = now;
    room = left;
  }

  /** Seconds; 0 if it is full, {@link #NEVER} if it does not fill. */
  public synchronized long seconds() {
    look();
    if (room <= 0) {
      return 0;
    }
    double perSecond = nanos > 0 ? filled / nanos * SECOND : 0;
    return perSecond >= 1 ? (long) (room / perSecond) : NEVER;
  }
}
