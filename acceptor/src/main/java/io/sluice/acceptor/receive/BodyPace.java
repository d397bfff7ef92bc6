package io.sluice.acceptor.receive;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Fails a request whose body comes too slowly: looks every while whether it was fast enough so far.
 * A body that keeps the pace may take as long as it needs, unless nobody wants it.
 */
public final class BodyPace {

  /**
   * How slow is too slow.
   *
   * @param graceMillis nothing is asked of a body before; one that is thrown away has no longer
   * @param bytesPerSecond least, on average from its begin
   * @param lookMillis between two looks
   */
  public record Least(long graceMillis, long bytesPerSecond, long lookMillis) {
    /** 64 MiB may take 17 minutes, and a few bytes one. */
    public static final Least DEFAULT = new Least(60_000, 64 << 10, 5_000);
  }

  private final Least least;
  private final ScheduledExecutorService timer;
  private final LongSupplier nanoClock;
  private final Runnable onSlow;
  private volatile @Nullable ScheduledFuture<?> looking;
  private volatile boolean unwanted;
  private volatile long bytes;
  private volatile long begun;

  /**
   * For one body.
   *
   * @param onSlow run once, before its request fails
   */
  BodyPace(Least least, ScheduledExecutorService timer, LongSupplier nanoClock, Runnable onSlow) {
    this.least = least;
    this.timer = timer;
    this.nanoClock = nanoClock;
    this.onSlow = onSlow;
  }

  /** Its body is asked for from now on; what came before is kept. */
  void begin(Request request) {
    if (looking == null) {
      begun = nanoClock.getAsLong();
      looking =
          timer.scheduleWithFixedDelay(
              () -> look(request), least.lookMillis, least.lookMillis, TimeUnit.MILLISECONDS);
    }
  }

  /** The rest is thrown away: it has the grace from now on, and no more, however fast it comes. */
  void unwanted(Request request) {
    begin(request);
    begun = nanoClock.getAsLong();
    unwanted = true;
  }

  /** One thread at a time says so. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void came(int count) {
    bytes += count;
  }

  void end() {
    ScheduledFuture<?> future = looking;
    if (future != null) {
      future.cancel(false);
    }
  }

  private void look(Request request) {
    long millis = TimeUnit.NANOSECONDS.toMillis(nanoClock.getAsLong() - begun);
    boolean slow = unwanted || bytes < millis * least.bytesPerSecond / 1_000;
    if (millis >= least.graceMillis && slow) {
      end();
      onSlow.run();
      request.fail(new TimeoutException("body comes too slowly"));
    }
  }
}
