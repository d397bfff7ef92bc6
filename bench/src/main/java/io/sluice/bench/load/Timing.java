package io.sluice.bench.load;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** The clocks of a load run. */
public interface Timing {

  /** Monotonic. */
  long nanos();

  /** Wall clock, nanoseconds since the epoch. */
  long epochNanos();

  void sleep(Duration duration) throws InterruptedException;

  /** The machine's clocks. */
  static Timing system() {
    return new Timing() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public long epochNanos() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
      }

      @Override
      public void sleep(Duration duration) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(duration.toNanos());
      }
    };
  }
}
