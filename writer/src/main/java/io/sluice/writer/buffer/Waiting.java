package io.sluice.writer.buffer;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a state that a monitor guards. */
final class Waiting {

  /**
   * Call with the monitor held; whoever changes the state notifies all.
   *
   * @return false: the time is up
   */
  static boolean on(Object monitor, BooleanSupplier reached, Duration time)
      throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!reached.getAsBoolean()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      monitor.wait(left);
    }
    return true;
  }

  private Waiting() {}
}
