package io.sluice.bench.load;

import java.time.Duration;

/** Time that passes only when somebody waits. */
final class ManualTiming implements Timing {

  private long nanos;

  @Override
  public synchronized long nanos() {
    return nanos;
  }

  @Override
  public synchronized long epochNanos() {
    return 1_795_000_000_000_000_000L + nanos;
  }

  @Override
  public synchronized void sleep(Duration duration) {
    nanos += duration.toNanos();
  }

  synchronized Duration slept() {
    return Duration.ofNanos(nanos);
  }
}
