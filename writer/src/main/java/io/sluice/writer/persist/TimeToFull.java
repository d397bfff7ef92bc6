package io.sluice.writer.persist;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * When the log will have no room left if it goes on as it lately did: what an operator has to know
 * during an outage of the store. The pace thread looks, any thread asks.
 */
public final class TimeToFull {

  /** It is not filling, or nothing is known yet. */
  public static final long NEVER = -1;

  private static final Duration MEMORY = Duration.ofMinutes(1);
  private static final double SECOND = 1e9;

  private final LongSupplier nanoClock;
  private boolean looked;
  private long lastNanos;
  private long room;

  /** Bytes, and the nanoseconds they took; what is older counts less, by 1/e after the memory. */
  private double filled;

  private double nanos;

  /**
   * @param nanoClock monotonic
   */
  public TimeToFull(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** So many bytes can be appended now. */
  public synchronized void look(long roomBytes) {
    long now = nanoClock.getAsLong();
    if (looked) {
      long passed = now - lastNanos;
      double kept = Math.exp(-passed / (double) MEMORY.toNanos());
      filled = filled * kept + (room - roomBytes);
      nanos = nanos * kept + passed;
    }
    looked = true;
    lastNanos = now;
    room = roomBytes;
  }

  /** Seconds; 0 if it is full, {@link #NEVER} if it does not fill. */
  public synchronized long seconds() {
    if (looked && room <= 0) {
      return 0;
    }
    double perSecond = nanos > 0 ? filled / nanos * SECOND : 0;
    return perSecond >= 1 ? (long) (room / perSecond) : NEVER;
  }
}
