package io.sluice.bench.torture;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to run.
 *
 * @param length of the faults
 * @param seed the plan of faults and the records' content follow from it
 * @param rate records a second, over all connections and both protocols
 * @param directory of data, logs and notes; null = a temporary one, removed if all is well
 */
public record TortureOptions(Duration length, long seed, double rate, @Nullable Path directory) {

  public TortureOptions {
    if (length.isNegative() || length.isZero()) {
      throw new IllegalArgumentException("cannot torture for " + length + " (more than nothing)");
    }
    if (rate < 100) {
      throw new IllegalArgumentException("cannot torture at " + rate + " records/s (at least 100)");
    }
  }
}
