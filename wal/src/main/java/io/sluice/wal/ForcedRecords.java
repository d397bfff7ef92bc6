package io.sluice.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Durable records on their way from the writing to the apply thread, handed over by the group.
 * Thread-safe.
 */
final class ForcedRecords {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by lock.
  private List<LogRecord> ready = new ArrayList<>();
  private boolean sleeping;
  private boolean ended;
  private @Nullable Throwable broken;

  /** Copies the list. After {@link #breakOff} the records fail at once. */
  void handOver(List<LogRecord> group) {
    Throwable cause;
    lock.lock();
    try {
      cause = broken;
      if (cause == null) {
        ready.addAll(group);
        wake();
      }
    } finally {
      lock.unlock();
    }
    if (cause != null) {
      Attachments.fail(group, cause);
    }
  }

  /** Waits; null once ended and empty, or broken off. The given list is used anew. */
  @Nullable List<LogRecord> take(List<LogRecord> emptied) {
    emptied.clear();
    lock.lock();
    try {
      while (ready.isEmpty() && !ended && broken == null) {
        sleeping = true;
        changed.awaitUninterruptibly();
        sleeping = false;
      }
      if (ready.isEmpty()) {
        return null;
      }
      List<LogRecord> taken = ready;
      ready = emptied;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** No more will come. */
  void end() {
    lock.lock();
    try {
      ended = true;
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing is applied any more: what is here and what comes fails, for that reason. */
  void breakOff(Throwable cause) {
    List<LogRecord> orphaned;
    lock.lock();
    try {
      broken = broken == null ? cause : broken;
      orphaned = ready;
      ready = new ArrayList<>();
      wake();
    } finally {
      lock.unlock();
    }
    Attachments.fail(orphaned, cause);
  }

  boolean isEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  boolean isBroken() {
    lock.lock();
    try {
      return broken != null;
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    if (sleeping) {
      sleeping = false;
      changed.signal();
    }
  }
}
