package io.sluice.acceptor.receive;

/**
 * So many a second, with a second's worth at once: a bucket of tokens, kept as the time at which it
 * is full again. What a request takes is known only when it is decoded: it may take more than there
 * is, and who comes next waits until that is paid. Any thread.
 */
final class RateLimit {

  private static final double NANOS_PER_SECOND = 1e9;
  private static final long BURST_NANOS = 1_000_000_000;

  /** No debt is larger: it would wrap. */
  private static final double LONGEST_NANOS = 86_400e9;

  private long fullAtNanos;
  private boolean used;

  /** How long until there is a token; 0 if there is one now. */
  synchronized long waitNanos(long nowNanos) {
    return used ? Math.max(0, fullAtNanos - nowNanos - BURST_NANOS) : 0;
  }

  /**
   * @param perSecond the rate, which may be another one than before; 0: there is none
   */
  synchronized void take(long count, long perSecond, long nowNanos) {
    if (perSecond > 0 && count > 0) {
      long from = used ? Math.max(fullAtNanos - nowNanos, 0) : 0;
      double more = from + count * NANOS_PER_SECOND / perSecond;
      fullAtNanos = nowNanos + (long) Math.min(more, LONGEST_NANOS);
      used = true;
    }
  }
}
