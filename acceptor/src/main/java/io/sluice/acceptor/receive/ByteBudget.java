package io.sluice.acceptor.receive;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of all requests in flight. Who finds no room waits, first come first served, for a while; a
 * request larger than the whole budget is admitted when it is alone. Safe for any thread.
 */
final class ByteBudget {

  /** What runs when there is room at last, or when there was none in time. */
  interface Waiter {
    /** There is room; whoever releases runs this, so it must be short. */
    void admitted();

    void refused();
  }

  private final long limit;
  private final long waitMillis;
  private final ScheduledExecutorService timer;

  @GuardedBy("this")
  private long taken;

  @GuardedBy("this")
  private final Deque<Entry> waiting = new ArrayDeque<>();

  private static final class Entry {
    final long bytes;
    final Waiter waiter;
    @Nullable ScheduledFuture<?> timeout;

    Entry(long bytes, Waiter waiter) {
      this.bytes = bytes;
      this.waiter = waiter;
    }
  }

  ByteBudget(long limit, long waitMillis, ScheduledExecutorService timer) {
    this.limit = limit;
    this.waitMillis = waitMillis;
    this.timer = timer;
  }

  /**
   * Takes bytes, to be released.
   *
   * @return true if they are taken now; else the waiter is told later
   */
  synchronized boolean take(long bytes, Waiter waiter) {
    if (waiting.isEmpty() && room(bytes)) {
      taken += bytes;
      return true;
    }
    Entry entry = new Entry(bytes, waiter);
    entry.timeout = timer.schedule(() -> timeOut(entry), waitMillis, TimeUnit.MILLISECONDS);
    waiting.add(entry);
    return false;
  }

  void release(long bytes) {
    synchronized (this) {
      taken -= bytes;
    }
    admit();
  }

  synchronized long taken() {
    return taken;
  }

  private void admit() {
    for (Entry next = nextAdmitted(); next != null; next = nextAdmitted()) {
      next.waiter.admitted();
    }
  }

  private synchronized @Nullable Entry nextAdmitted() {
    Entry head = waiting.peek();
    if (head == null || !room(head.bytes)) {
      return null;
    }
    waiting.remove();
    if (head.timeout != null) {
      head.timeout.cancel(false);
    }
    taken += head.bytes;
    return head;
  }

  private void timeOut(Entry entry) {
    boolean found = false;
    synchronized (this) {
      for (Iterator<Entry> entries = waiting.iterator(); entries.hasNext() && !found; ) {
        if (entries.next() == entry) {
          entries.remove();
          found = true;
        }
      }
    }
    if (found) {
      entry.waiter.refused();
      admit(); // a large request may have stood before small ones
    }
  }

  @GuardedBy("this")
  private boolean room(long bytes) {
    return taken == 0 || taken + bytes <= limit;
  }
}
