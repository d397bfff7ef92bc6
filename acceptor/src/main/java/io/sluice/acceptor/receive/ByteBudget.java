package io.sluice.acceptor.receive;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.sluice.schema.service.DrainRate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of all requests in flight, taken before the memory is. Who comes and finds no room waits,
 * first come first served, for a while, holding nothing; who is in and must grow finds room or does
 * not, and never waits: two that hold and wait could wait for each other. A quarter of the budget
 * is for the latter alone, or under load everybody would be let in and nobody could end. A request
 * larger than the whole budget is admitted, and grows, when it is alone. Safe for any thread.
 */
final class ByteBudget {

  /** What runs when there is room at last, or when there was none in time. */
  interface Waiter {
    /** There is room; whoever releases runs this, so it must be short. */
    void admitted();

    /** There was none; the outcome says why. */
    void refused(Outcome why);
  }

  /** Its hint is what {@link #retryMillis} says when it is told. */
  static final Outcome NO_ROOM =
      new Outcome.Overloaded(
          DrainRate.UNKNOWN_MILLIS, "too many requests in flight (otlp.max-in-flight)");

  static final Outcome STOPPED = new Outcome.Unavailable(1_000, "the Acceptor stops");

  /** Waiting costs a connection or a stream: not many may. */
  static final int MOST_WAITING = 1_024;

  private final long limit;
  private final long waitMillis;
  private final ScheduledExecutorService timer;
  private final DrainRate drained;

  @GuardedBy("this")
  private long taken;

  @GuardedBy("this")
  private boolean closed;

  @GuardedBy("this")
  private final Deque<Entry> waiting = new ArrayDeque<>();

  private static final class Entry {
    final Reservation reservation;
    final long bytes;
    final Waiter waiter;
    @Nullable ScheduledFuture<?> timeout;

    Entry(Reservation reservation, long bytes, Waiter waiter) {
      this.reservation = reservation;
      this.bytes = bytes;
      this.waiter = waiter;
    }

    void cancelTimeout() {
      if (timeout != null) {
        timeout.cancel(false);
      }
    }
  }

  /** Some times as long as a request is in flight. */
  private static final Duration RATE_MEMORY = Duration.ofSeconds(5);

  ByteBudget(long limit, long waitMillis, ScheduledExecutorService timer, LongSupplier nanoClock) {
    this.limit = limit;
    this.waitMillis = waitMillis;
    this.timer = timer;
    this.drained = new DrainRate(nanoClock, RATE_MEMORY);
  }

  /** For one request; it holds nothing yet. */
  Reservation reservation() {
    return new Reservation(this);
  }

  synchronized long taken() {
    return taken;
  }

  synchronized long waiting() {
    return waiting.size();
  }

  /** In how many milliseconds there may be room for one who comes after all that wait. */
  synchronized int retryMillis() {
    long ahead = waiting.stream().mapToLong(entry -> entry.bytes).sum();
    return drained.millisUntilFreed(Math.max(0, taken + ahead - mostToEnter()));
  }

  /** Refuses whoever waits, and whoever comes. */
  void close() {
    List<Entry> refused;
    synchronized (this) {
      closed = true;
      refused = new ArrayList<>(waiting);
      waiting.clear();
      refused.forEach(Entry::cancelTimeout);
    }
    refused.forEach(entry -> entry.waiter.refused(STOPPED));
  }

  /** See {@link Reservation#admit}. */
  boolean admit(Reservation by, long bytes, Waiter waiter) {
    Outcome refused = NO_ROOM;
    synchronized (this) {
      if (closed) {
        refused = STOPPED;
      } else if (waiting.isEmpty() && roomToEnter(bytes)) {
        take(by, bytes);
        return true;
      } else if (waiting.size() < MOST_WAITING) {
        Entry entry = new Entry(by, bytes, waiter);
        entry.timeout = timer.schedule(() -> timeOut(entry), waitMillis, TimeUnit.MILLISECONDS);
        waiting.add(entry);
        return false;
      }
    }
    waiter.refused(refused);
    return false;
  }

  /** Makes it hold at least so many bytes, and a step more if there is room for that, too. */
  synchronized boolean cover(Reservation by, long wanted, long step) {
    long more = wanted - by.bytes;
    if (more <= 0) {
      return !by.sealed;
    }
    boolean alone = taken == by.bytes;
    if (by.sealed || !(alone || taken + more <= limit)) {
      return false;
    }
    take(by, taken + more + step <= limit ? more + step : more);
    return true;
  }

  /** Makes it hold so many bytes, room or not. */
  void set(Reservation by, long bytes, boolean sealed) {
    synchronized (this) {
      by.sealed |= sealed;
      take(by, bytes - by.bytes);
      if (sealed) {
        forget(by);
      }
    }
    admit();
  }

  void giveBack(Reservation by, long less) {
    synchronized (this) {
      take(by, -less);
    }
    admit();
  }

  @GuardedBy("this")
  private void take(Reservation by, long more) {
    by.bytes += more;
    taken += more;
    drained.freed(Math.max(0, -more));
  }

  private void admit() {
    for (Entry next = nextAdmitted(); next != null; next = nextAdmitted()) {
      next.waiter.admitted();
    }
  }

  private synchronized @Nullable Entry nextAdmitted() {
    Entry head = waiting.peek();
    if (head == null || !roomToEnter(head.bytes)) {
      return null;
    }
    waiting.remove();
    head.cancelTimeout();
    take(head.reservation, head.bytes);
    return head;
  }

  /** Who left does not wait any more. */
  @GuardedBy("this")
  private void forget(Reservation by) {
    waiting.removeIf(
        entry -> {
          if (entry.reservation == by) {
            entry.cancelTimeout();
          }
          return entry.reservation == by;
        });
  }

  private void timeOut(Entry entry) {
    boolean found;
    synchronized (this) {
      found = waiting.remove(entry);
    }
    if (found) {
      entry.waiter.refused(NO_ROOM);
      admit(); // a large request may have stood before small ones
    }
  }

  @GuardedBy("this")
  private boolean roomToEnter(long bytes) {
    return taken == 0 || taken + bytes <= mostToEnter();
  }

  private long mostToEnter() {
    return limit - limit / 4;
  }
}
