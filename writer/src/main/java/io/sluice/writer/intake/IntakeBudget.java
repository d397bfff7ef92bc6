package io.sluice.writer.intake;

import java.util.concurrent.atomic.AtomicLong;

/** Bytes that were read from streams and are not yet applied, bounded over all streams. */
final class IntakeBudget {

  private final long limitBytes;
  private final AtomicLong used = new AtomicLong();

  IntakeBudget(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** False if it would pass the limit. A message larger than the limit is let in alone. */
  boolean take(long bytes) {
    while (true) {
      long now = used.get();
      if (now > 0 && now + bytes > limitBytes) {
        return false;
      }
      if (used.compareAndSet(now, now + bytes)) {
        return true;
      }
    }
  }

  void giveBack(long bytes) {
    used.addAndGet(-bytes);
  }

  long usedBytes() {
    return used.get();
  }
}
