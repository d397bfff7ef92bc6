package io.sluice.wal;

import java.util.function.LongSupplier;

/**
 * The log's own time: starts where the newest record stood, advances monotonically. Thread-safe.
 */
final class LogClock {
  private final long startMicros;
  private final long startNanos;
  private final LongSupplier nanoTime;

  LogClock(long startMicros, LongSupplier nanoTime) {
    this.startMicros = startMicros;
    this.nanoTime = nanoTime;
    this.startNanos = nanoTime.getAsLong();
  }

  long micros() {
    return startMicros + (nanoTime.getAsLong() - startNanos) / 1_000;
  }
}
