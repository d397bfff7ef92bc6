package io.sluice.acceptor.receive;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Ends gRPC calls whose message comes too slowly, by the rule that HTTP bodies have: looks every
 * while at all whose message was asked for and is not whole. One timer for all, as most of them
 * take a millisecond. Safe for any thread.
 */
public final class SlowCalls implements AutoCloseable {

  /** A client sends its message with the call: nothing of it so long after is no client. */
  private static final long MOST_START_MILLIS = 10_000;

  private final BodyPace.Least least;
  private final LongSupplier nanoClock;
  private final Set<GrpcInbound> open = ConcurrentHashMap.newKeySet();
  private final ScheduledFuture<?> looking;

  /** Looks until it is closed. */
  public SlowCalls(BodyPace.Least least, ScheduledExecutorService timer, LongSupplier nanoClock) {
    this.least = least;
    this.nanoClock = nanoClock;
    this.looking =
        timer.scheduleWithFixedDelay(
            this::look, least.lookMillis(), least.lookMillis(), TimeUnit.MILLISECONDS);
  }

  /** Its message is asked for. */
  void begin(GrpcInbound call) {
    call.begun(nanoClock.getAsLong());
    open.add(call);
  }

  /** Its message is whole, or it has ended; more than once does no harm. */
  void end(GrpcInbound call) {
    open.remove(call);
  }

  @Override
  public void close() {
    looking.cancel(false);
  }

  void look() {
    long now = nanoClock.getAsLong();
    for (GrpcInbound call : open) {
      long millis = TimeUnit.NANOSECONDS.toMillis(now - call.begunNanos());
      long came = call.came();
      boolean slow = came < millis * least.bytesPerSecond() / 1_000;
      boolean begun = came > 0 || millis < MOST_START_MILLIS;
      if (!begun || (millis >= least.graceMillis() && slow)) {
        end(call);
        call.tooSlow();
      }
    }
  }
}
