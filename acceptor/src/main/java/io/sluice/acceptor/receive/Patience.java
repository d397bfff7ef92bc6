package io.sluice.acceptor.receive;

import java.time.Duration;

/**
 * Until when a request may wait for the Writer: one second before the client's deadline, or half of
 * what is left if that is less than two; without a deadline, for a fixed time. Counted from its
 * arrival: what it waits for a thread is no less of the client's time.
 */
record Patience(Duration withoutDeadline) {

  /** Whatever its deadline: a connection that grows too old gives its calls not much more. */
  private static final long MOST_NANOS = ConnectionTimes.DEFAULT.grace().minusSeconds(5).toNanos();

  private static final long SECOND = 1_000_000_000L;

  /** On the monotonic clock, without a deadline. */
  long giveUpNanos(Arrival arrival) {
    return arrival.nanos() + withoutDeadline.toNanos();
  }

  /** The same with a deadline, of which so much was left at the arrival. */
  long giveUpNanos(Arrival arrival, long leftNanos) {
    long wait = Math.max(leftNanos - SECOND, leftNanos / 2);
    return arrival.nanos() + Math.min(wait, MOST_NANOS);
  }
}
