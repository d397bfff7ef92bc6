package io.sluice.bench.load;

import java.util.concurrent.atomic.AtomicLong;

/** Spreads the requests of all lanes evenly over time. Used by all lanes at once. */
final class Pacer {

  private final long startNanos;
  private final double nanosPerRequest;
  private final long limit;
  private final AtomicLong next = new AtomicLong();

  /**
   * @param requestsPerSecond 0 = as fast as they go
   * @param limit how many requests there are in all
   */
  Pacer(long startNanos, double requestsPerSecond, long limit) {
    this.startNanos = startNanos;
    this.nanosPerRequest = requestsPerSecond == 0 ? 0 : 1e9 / requestsPerSecond;
    this.limit = limit;
  }

  /** When the next request is due, by the clock of the start; -1 if there are no more. */
  long takeNanos() {
    long number = next.getAndIncrement();
    return number >= limit ? -1 : startNanos + (long) (number * nanosPerRequest);
  }

  /** Whether requests have a time of their own, or are due as soon as a lane is free. */
  boolean paced() {
    return nanosPerRequest > 0;
  }

  /** How many requests are due before then, sent or not; 0 if they are not paced. */
  long dueBefore(long nanos) {
    return paced() ? Math.min(limit, (long) Math.ceil((nanos - startNanos) / nanosPerRequest)) : 0;
  }
}
