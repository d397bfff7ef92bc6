package io.sluice.bench.load;

import java.time.Duration;

/** The machine's clocks; waits are not waited. */
final class HastyTiming implements Timing {

  private final Timing system = Timing.system();

  @Override
  public long nanos() {
    return system.nanos();
  }

  @Override
  public long epochNanos() {
    return system.epochNanos();
  }

  @Override
  public void sleep(Duration duration) {}
}
