package io.sluice.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Durable records on their way from the writing to the apply thread, handed over by the group.
 * Thread-safe.
 *
 * <p>At first the apply is behind: it reads from the log what it has not applied, and a group is
 * only remembered by its last position, while its appenders are told that it is durable. Once
 * little is left up to that position it goes live, for good: that is still read from the log, and
 * what comes after it waits here, in memory, so that a steady load cannot keep it behind.
 */
final class ForcedRecords {
  private static final int LITTLE = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by lock.
  private List<LogRecord> ready = new ArrayList<>();
  private boolean behind = true;
  private long promisedPosition;
  private boolean sleeping;
  private boolean ended;
  private @Nullable Throwable broken;

  /**
   * @param recoveredPosition the last one that was in the log before anything is handed over
   */
  ForcedRecords(long recoveredPosition) {
    this.promisedPosition = recoveredPosition;
  }

  /**
   * Copies the list, which is not empty and which a cursor can read already. After {@link
   * #breakOff} the records fail at once.
   */
  void handOver(List<LogRecord> group) {
    Throwable cause;
    boolean fromTheLog;
    lock.lock();
    try {
      cause = broken;
      fromTheLog = behind;
      if (cause == null && behind) {
        promisedPosition = group.get(group.size() - 1).position();
      } else if (cause == null) {
        ready.addAll(group);
        wake();
      }
    } finally {
      lock.unlock();
    }
    if (cause != null) {
      Attachments.fail(group, cause);
    } else if (fromTheLog) {
      Attachments.durable(group);
    }
  }

  /**
   * The position up to which the apply thread is to read from the log before it asks again; once
   * that is applied, all that follows is taken from here. Nothing beyond it may be read: a cursor
   * sees a group before it is handed over.
   */
  long behindUpTo(long appliedPosition) {
    lock.lock();
    try {
      behind = behind && promisedPosition - appliedPosition > LITTLE;
      return promisedPosition;
    } finally {
      lock.unlock();
    }
  }

  /** What recovery found, and what was called durable before it was applied, ends here. */
  long promisedPosition() {
    lock.lock();
    try {
      return promisedPosition;
    } finally {
      lock.unlock();
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

  /** False: it is live, and what was handed over meanwhile must be taken. */
  boolean isBehind() {
    lock.lock();
    try {
      return behind;
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
