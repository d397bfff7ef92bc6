package io.sluice.wal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Records in the order in which one thread will take them. Whoever adds wakes the taker only if it
 * sleeps. The first failure is final. Thread-safe.
 */
final class AppendQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  // Guarded by lock.
  private List<LogRecord> waiting = new ArrayList<>();
  private boolean sleeping;
  private boolean closed;
  private @Nullable Throwable failure;

  void add(LogRecord record) throws LogFailedException {
    lock.lock();
    try {
      check();
      waiting.add(record);
      wake();
    } finally {
      lock.unlock();
    }
  }

  void check() throws LogFailedException {
    lock.lock();
    try {
      if (failure != null) {
        throw new LogFailedException("cannot append: the log has failed (restart)", failure);
      }
      if (closed) {
        throw new LogFailedException("cannot append: the log is closed", null);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for records and takes all, in place of what {@code emptied} held.
   *
   * @return the records and the right to use that list; null once closed and empty, or failed
   */
  @Nullable List<LogRecord> take(List<LogRecord> emptied) {
    emptied.clear();
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed && failure == null) {
        sleeping = true;
        filled.awaitUninterruptibly();
        sleeping = false;
      }
      if (waiting.isEmpty()) {
        return null;
      }
      List<LogRecord> taken = waiting;
      waiting = emptied;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more. */
  void close() {
    lock.lock();
    try {
      closed = true;
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** Takes no more, for that reason; what waited is the caller's. */
  List<LogRecord> fail(Throwable cause) {
    lock.lock();
    try {
      failure = failure == null ? cause : failure;
      List<LogRecord> orphaned = waiting;
      waiting = new ArrayList<>();
      wake();
      return orphaned;
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    if (sleeping) {
      sleeping = false;
      filled.signal();
    }
  }
}
