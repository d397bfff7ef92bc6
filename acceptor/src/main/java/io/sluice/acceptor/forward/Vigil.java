package io.sluice.acceptor.forward;

import java.util.concurrent.TimeUnit;

/**
 * How long a stream waits before it thinks that something is wrong. Asking who leads costs next to
 * nothing and sends no message again, so that it may be done early, also of one that is only slow.
 * Owned by its stream.
 */
final class Vigil {

  /** How often to look. */
  static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** For a connection, before another Writer gets its turn. */
  private static final long CONNECT_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  /** For any answer, before the others are asked who leads: some times that of a slow disk. */
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Longer than an election takes: who comes now need not wait to be told. */
  private static final long IN_VAIN_NANOS = TimeUnit.SECONDS.toNanos(3);

  private long sinceNanos;

  /** A leader has answered, or there was nothing to wait for until now. */
  void begins(long nowNanos) {
    sinceNanos = nowNanos;
  }

  /** True if nobody has answered for long enough to expect nothing soon. */
  boolean isInVain(long nowNanos) {
    return nowNanos - sinceNanos > IN_VAIN_NANOS;
  }

  boolean waitsTooLong(long connectingNanos) {
    return connectingNanos >= CONNECT_NANOS;
  }

  boolean isSilent(long silentNanos) {
    return silentNanos >= ANSWER_NANOS;
  }
}
