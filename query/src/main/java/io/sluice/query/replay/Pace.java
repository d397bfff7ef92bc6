package io.sluice.query.replay;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Lets so many records a second pass, evenly, and no more after a pause. One thread uses it. */
final class Pace {

  /** What was missed for longer is not made up for. */
  private static final long MOST_BEHIND = TimeUnit.SECONDS.toNanos(1);

  /** A wait, so that tests need none. */
  interface Sleep {
    void nanos(long nanos) throws InterruptedException;
  }

  private final double nanosPerRecord;
  private final LongSupplier clock;
  private final Sleep sleep;
  private long due;

  /**
   * @param rate records a second; 0 = as fast as they come
   * @param clock nanoseconds, monotonic
   */
  Pace(double rate, LongSupplier clock, Sleep sleep) {
    this.nanosPerRecord = rate == 0 ? 0 : 1e9 / rate;
    this.clock = clock;
    this.sleep = sleep;
    this.due = clock.getAsLong();
  }

  /** Waits until these records are due. */
  void await(int records) throws InterruptedException {
    if (nanosPerRecord == 0) {
      return;
    }
    long now = clock.getAsLong();
    due = Math.max(due, now - MOST_BEHIND);
    if (due - now > 0) {
      sleep.nanos(due - now);
    }
    due += (long) (records * nanosPerRecord);
  }
}
