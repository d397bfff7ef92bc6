package io.sluice.acceptor.forward;

import com.google.errorprone.annotations.concurrent.GuardedBy;

/**
 * Bytes of batches in the forwarder, log by log, so that one log that takes nothing does not use up
 * what requests of the others need. Of the room that lets requests in one half is cut into shares,
 * one for each log, and the other is for what goes beyond a share, whichever log's it is: logs that
 * hang have at most their shares and that half, and those of the others stay free. Safe for any
 * thread.
 */
final class LogShares {

  private final long share;
  private final long common;

  @GuardedBy("this")
  private final long[] held;

  @GuardedBy("this")
  private long beyond;

  /**
   * @param most bytes that all requests may hold, three quarters of which let new ones in
   */
  LogShares(int logs, long most) {
    long enter = most - most / 4;
    this.held = new long[logs];
    this.share = enter / 2 / logs;
    this.common = enter / 2;
  }

  /** Takes them, unless they are too many for this log; alone in it any number is taken. */
  synchronized boolean take(int log, long bytes) {
    long more = beyond(held[log] + bytes) - beyond(held[log]);
    if (held.length > 1 && held[log] > 0 && more > 0 && beyond + more > common) {
      return false;
    }
    held[log] += bytes;
    beyond += more;
    return true;
  }

  synchronized void giveBack(int log, long bytes) {
    beyond -= beyond(held[log]) - beyond(held[log] - bytes);
    held[log] -= bytes;
  }

  synchronized long held(int log) {
    return held[log];
  }

  private long beyond(long bytes) {
    return Math.max(0, bytes - share);
  }
}
