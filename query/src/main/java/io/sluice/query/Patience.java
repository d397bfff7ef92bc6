package io.sluice.query;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStream;

/**
 * How long a Writer may say nothing while a reader waits for it. A deadline would bound the whole
 * read, which may rightly take hours; nothing bounds a Writer that was stopped, whose connection
 * stands. Any thread may use it.
 */
public final class Patience implements AutoCloseable {

  private final Duration silence;
  private final ScheduledThreadPoolExecutor clock;

  public Patience(Duration silence) {
    this.silence = silence;
    this.clock =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "patience");
              thread.setDaemon(true);
              return thread;
            });
    clock.setRemoveOnCancelPolicy(true);
  }

  /**
   * Waits for something of the stream, and cancels the stream if it does not come.
   *
   * @throws FlightRuntimeException what the Writer says, or TIMED_OUT
   */
  public <T> T await(FlightStream stream, Supplier<T> something) {
    return await(stream, something, silence);
  }

  /** The same within a shorter time. */
  public <T> T await(FlightStream stream, Supplier<T> something, Duration atMost) {
    Duration time = atMost.compareTo(silence) < 0 ? atMost : silence;
    AtomicBoolean over = new AtomicBoolean();
    ScheduledFuture<?> end =
        clock.schedule(
            () -> {
              over.set(true);
              stream.cancel("the Writer says nothing", null);
            },
            time.toMillis(),
            TimeUnit.MILLISECONDS);
    try {
      return something.get();
    } catch (FlightRuntimeException e) {
      throw over.get() ? timedOut(time, e) : e;
    } finally {
      end.cancel(false);
    }
  }

  private static FlightRuntimeException timedOut(Duration time, Throwable cause) {
    return CallStatus.TIMED_OUT
        .withDescription("nothing came for " + time)
        .withCause(cause)
        .toRuntimeException();
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
