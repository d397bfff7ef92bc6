package io.sluice.bench.harness;

import java.io.IOException;
import java.time.Duration;

/** When to stop waiting: what hangs must fail, and say for what it was waited. */
public record Deadline(long nanos, Duration patience) {

  /** From now on, and so much more for a busy machine. */
  public static Deadline in(Duration wait, Duration slack) {
    Duration all = wait.plus(slack);
    return new Deadline(System.nanoTime() + all.toNanos(), all);
  }

  public boolean hasPassed() {
    return System.nanoTime() - nanos >= 0;
  }

  /**
   * @throws IOException it has passed
   */
  public void check(String what) throws IOException {
    if (hasPassed()) {
      throw new IOException(
          "cannot wait any longer: no sign of %s in %s".formatted(what, patience));
    }
  }
}
