package io.sluice.acceptor.receive;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.sluice.schema.service.DrainRate;
import io.sluice.schema.service.FairShares;
import java.time.Duration;
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
 * larger than the whole budget is admitted, and grows, when it is alone.
 *
 * <p>Tenants have turns. Once half of what is for entering is taken, a tenant may not enter beyond
 * its equal part of it, and once half of the places to wait are, not wait beyond its part of those:
 * one who floods waits, and is refused, and the others come in past it. Safe for any thread.
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
  private final FairShares tenants;

  @GuardedBy("this")
  private final TurnQueue<Entry> waiting = new TurnQueue<>();

  /** One who waits. */
  static final class Entry {
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
    this.tenants = new FairShares(nanoClock);
  }

  /** For one request of a tenant; it holds nothing yet. */
  Reservation reservation(String tenant) {
    return new Reservation(this, tenant);
  }

  synchronized long taken() {
    return taken;
  }

  synchronized long waiting() {
    return waiting.size();
  }

  /** In how many milliseconds there may be room for one who comes after all that wait. */
  synchronized int retryMillis() {
    long ahead = waiting.all().stream().mapToLong(entry -> entry.bytes).sum();
    return drained.millisUntilFreed(Math.max(0, taken + ahead - mostToEnter()));
  }

  /** Refuses whoever waits, and whoever comes. */
  void close() {
    List<Entry> refused;
    synchronized (this) {
      closed = true;
      refused = waiting.all();
      waiting.clear();
      refused.forEach(Entry::cancelTimeout);
    }
    refused.forEach(entry -> entry.waiter.refused(STOPPED));
  }

  /** See {@link Reservation#admit}. */
  boolean admit(Reservation by, long bytes, Waiter waiter) {
    @Nullable Outcome refused = NO_ROOM;
    synchronized (this) {
      if (closed) {
        refused = STOPPED;
      } else if (waiting.size() == 0 && isFair(by.tenant, bytes) && roomToEnter(bytes)) {
        take(by, bytes);
        return true;
      } else if (mayWait(by.tenant)) {
        Entry entry = new Entry(by, bytes, waiter);
        entry.timeout = timer.schedule(() -> timeOut(entry), waitMillis, TimeUnit.MILLISECONDS);
        waiting.add(by.tenant, entry);
        by.waiting = entry;
        tenants.wants(by.tenant);
        refused = null;
      }
    }
    if (refused == null) {
      admit(); // those who wait may be of others, and have their part
    } else {
      waiter.refused(refused);
    }
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
    if (more > 0) {
      tenants.take(by.tenant, more);
    } else if (more < 0) {
      tenants.giveBack(by.tenant, -more);
    }
    drained.freed(Math.max(0, -more));
  }

  private void admit() {
    for (Entry next = nextAdmitted(); next != null; next = nextAdmitted()) {
      next.waiter.admitted();
    }
  }

  @SuppressWarnings("GuardedBy") // the predicate runs at once, under the monitor
  private synchronized @Nullable Entry nextAdmitted() {
    Entry head = waiting.first(entry -> isFair(entry.reservation.tenant, entry.bytes));
    if (head == null || !roomToEnter(head.bytes)) {
      return null;
    }
    waiting.take(head.reservation.tenant, head);
    head.reservation.waiting = null; // or it would be looked for in vain when it leaves
    head.cancelTimeout();
    take(head.reservation, head.bytes);
    return head;
  }

  /** Who left does not wait any more. */
  @GuardedBy("this")
  private void forget(Reservation by) {
    Entry entry = by.waiting;
    if (entry != null && waiting.take(by.tenant, entry)) {
      entry.cancelTimeout();
    }
    by.waiting = null;
  }

  private void timeOut(Entry entry) {
    boolean found;
    synchronized (this) {
      found = waiting.take(entry.reservation.tenant, entry);
    }
    if (found) {
      entry.waiter.refused(NO_ROOM);
      admit(); // a large request may have stood before small ones
    }
  }

  /** One who holds nothing may always have a first request. */
  @GuardedBy("this")
  private boolean isFair(String tenant, long bytes) {
    return taken + bytes <= mostToEnter() / 2 || tenants.excess(tenant, bytes, mostToEnter()) <= 0;
  }

  @GuardedBy("this")
  private boolean mayWait(String tenant) {
    return waiting.size() < MOST_WAITING / 2
        || (waiting.size() < MOST_WAITING
            && waiting.size(tenant) < MOST_WAITING / waiting.owners(tenant));
  }

  @GuardedBy("this")
  private boolean roomToEnter(long bytes) {
    return taken == 0 || taken + bytes <= mostToEnter();
  }

  private long mostToEnter() {
    return limit - limit / 4;
  }
}
