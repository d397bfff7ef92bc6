package io.sluice.writer.buffer;

import java.time.Duration;

/** How far a log is applied: the apply thread moves it, anybody reads it or waits for it. */
final class AppliedPosition {

  private final Object changed = new Object();
  private volatile int awaiting;
  private volatile long position;

  long get() {
    return position;
  }

  /** Apply thread only. */
  void set(long to) {
    position = to;
    if (awaiting > 0) { // read after the write above: who waits has counted itself before
      synchronized (changed) {
        changed.notifyAll();
      }
    }
  }

  /** Whether somebody waits. */
  boolean isAwaited() {
    return awaiting > 0;
  }

  /** Waits until it is there, or the time is up. */
  boolean await(long wanted, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    synchronized (changed) {
      awaiting++;
      try {
        while (position < wanted) {
          long left = (end - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            return false;
          }
          changed.wait(left);
        }
        return true;
      } finally {
        awaiting--;
      }
    }
  }
}
