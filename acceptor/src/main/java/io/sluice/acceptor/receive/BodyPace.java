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
 * A body that keeps the pace may take as long as it needs.
 */
public final class BodyPace {

  /**
   * How slow is too slow.
   *
   * @param graceMillis nothing is asked of a body before
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
  private volatile @Nullable ScheduledFuture<?> looking;
  private volatile long bytes;
  private volatile long begun;

  BodyPace(Least least, ScheduledExecutorService timer, LongSupplier nanoClock) {
    this.least = least;
    this.timer = timer;
    this.nanoClock = nanoClock;
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
    if (millis >= least.graceMillis && bytes < millis * least.bytesPerSecond / 1_000) {
      end();
      request.fail(new TimeoutException("body comes too slowly"));
    }
  }
}
