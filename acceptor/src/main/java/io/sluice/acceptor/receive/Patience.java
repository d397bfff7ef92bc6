package io.sluice.acceptor.receive;

import io.sluice.schema.table.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * Until when a request may wait for the Writer: one second before the client's deadline, or half of
 * what is left if that is less than two; without a deadline, for a fixed time.
 */
record Patience(Duration withoutDeadline, InstantSource clock, LongSupplier nanoClock) {

  private static final long SECOND = 1_000_000_000L;

  /**
   * A request whose last byte has just come.
   *
   * @param leftNanos what is left of the client's deadline, negative if it named none
   */
  Received received(Signal signal, Body.Bytes body, long leftNanos) {
    long wait =
        leftNanos < 0 ? withoutDeadline.toNanos() : Math.max(leftNanos - SECOND, leftNanos / 2);
    long micros = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    return new Received(signal, body, micros, nanoClock.getAsLong() + wait);
  }
}
