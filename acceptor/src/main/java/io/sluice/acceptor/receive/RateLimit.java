package io.sluice.acceptor.receive;

/**
 * So many a second, with a second's worth at once: a bucket of tokens, kept as the time at which it
 * is full again. What a request takes is known only when it is decoded: it may take more than there
 * is, and who comes next waits until that is paid. Those who wait are each told a time of their
 * own, one request's worth behind the other: told the same, all would come at once, and whoever
 * shares the machine with them would wait for all. Any thread.
 */
final class RateLimit {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long BURST_NANOS = 1_000_000_000;

  /** No debt is larger: it would wrap. */
  private static final double LONGEST_NANOS = 86_400e9;

  /** Who is told to come later does not come again: some exporters have no time for more. */
  private static final long LAST_PLACE_NANOS = 4_800_000_000L;

  /** Where the line begins at the latest, whatever the debt. */
  private static final long FIRST_PLACE_NANOS = LAST_PLACE_NANOS * 3 / 4;

  /** Of so many requests, roughly, is what one takes the mean. */
  private static final double MEMORY = 8;

  private long fullAtNanos;
  private double meanNanos; // how long what a request takes needs to come back
  private long nextPlaceNanos;
  private boolean used;

  /** How long until there is a token; 0 if there is one now. */
  synchronized long waitNanos(long nowNanos) {
    return used ? Math.max(0, fullAtNanos - nowNanos - BURST_NANOS) : 0;
  }

  /**
   * How long one who found no token is to wait, from at least until there is one; the line begins
   * anew when it is as long as anybody waits.
   */
  synchronized long placeNanos(long nowNanos) {
    long first = Math.min(waitNanos(nowNanos), FIRST_PLACE_NANOS);
    long place = used ? Math.max(first, nextPlaceNanos - nowNanos) : first;
    if (place > LAST_PLACE_NANOS) {
      place = first;
    }
    nextPlaceNanos = nowNanos + place + (long) meanNanos;
    return place;
  }

  /**
   * @param perSecond the rate, which may be another one than before; 0: there is none
   */
  synchronized void take(long count, long perSecond, long nowNanos) {
    if (perSecond > 0 && count > 0) {
      long from = used ? Math.max(fullAtNanos - nowNanos, 0) : 0;
      double cost = Math.min(count * NANOS_PER_SECOND / perSecond, LONGEST_NANOS);
      fullAtNanos = nowNanos + (long) Math.min(from + cost, LONGEST_NANOS);
      if (!used) {
        used = true;
        meanNanos = cost;
        nextPlaceNanos = nowNanos;
      }
      meanNanos += (cost - meanNanos) / MEMORY;
    }
  }
}
