package io.sluice.acceptor.receive;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;

/**
 * When a request's last byte came.
 *
 * @param micros since the epoch
 * @param nanos on the monotonic clock
 */
record Arrival(long micros, long nanos) {

  static Arrival now(InstantSource clock, LongSupplier nanoClock) {
    return new Arrival(
        ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant()), nanoClock.getAsLong());
  }
}
