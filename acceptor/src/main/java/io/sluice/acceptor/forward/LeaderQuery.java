package io.sluice.acceptor.forward;

import io.opentelemetry.api.common.Attributes;
import io.sluice.acceptor.route.Claim;
import io.sluice.schema.service.Telemetry;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Asks all Writers who leads, while anybody wants to know: at once, and then ten times a second. A
 * few hundred bytes each, and none to a Writer that has not answered the last: an overloaded one is
 * not loaded more, as messages are sent again only when another claims to lead. Safe for any
 * thread.
 */
final class LeaderQuery {

  private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final Links links;
  private final ScheduledExecutorService timer;
  private final LongSupplier nanoClock;
  private final BooleanSupplier wanted;
  private final Consumer<Claim> claims;
  private final LongAdder rounds;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private volatile long notBeforeNanos;

  LeaderQuery(
      Links links,
      ScheduledExecutorService timer,
      LongSupplier nanoClock,
      BooleanSupplier wanted,
      Consumer<Claim> claims,
      Telemetry telemetry) {
    this.links = links;
    this.timer = timer;
    this.nanoClock = nanoClock;
    this.wanted = wanted;
    this.claims = claims;
    this.rounds = telemetry.counter("sluice.forward.leader.queries", Attributes.empty());
    this.notBeforeNanos = nanoClock.getAsLong();
  }

  /** Asks soon, and again while it is wanted. */
  void start() {
    if (scheduled.compareAndSet(false, true)) {
      long wait = Math.max(0, notBeforeNanos - nanoClock.getAsLong());
      try {
        var unused = timer.schedule(this::round, wait, TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        scheduled.set(false); // the Acceptor stops
      }
    }
  }

  private void round() {
    notBeforeNanos = nanoClock.getAsLong() + PACE_NANOS;
    rounds.increment();
    links.all().forEach(link -> link.ask(claims));
    scheduled.set(false);
    if (wanted.getAsBoolean()) {
      start();
    }
  }
}
