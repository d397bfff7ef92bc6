package io.sluice.schema.rows;

import java.time.Duration;

/**
 * Which time of a record is believed. An event's time is plausible from {@code maxPast} before the
 * record was received to {@code maxFuture} after; a hostile clock must not make a million
 * partitions.
 *
 * @param maxPast at most 31 days
 * @param maxFuture at most 31 days
 */
public record EventTime(Duration maxPast, Duration maxFuture) {

  private static final Duration LIMIT = Duration.ofDays(31);

  public static final EventTime DEFAULT = new EventTime(Duration.ofDays(7), Duration.ofHours(1));

  public EventTime {
    check("past", maxPast);
    check("future", maxFuture);
  }

  private static void check(String side, Duration reach) {
    if (reach.isNegative() || reach.compareTo(LIMIT) > 0) {
      throw new IllegalArgumentException(
          "cannot believe times that far in the %s: %s (0 to 31 days)".formatted(side, reach));
    }
  }

  /**
   * True if a record received at {@code receivedMicros} may have happened then.
   *
   * @param unixNano unsigned; 0 = unknown
   */
  public boolean plausible(long unixNano, long receivedMicros) {
    if (unixNano <= 0) {
      return false;
    }
    long micros = unixNano / 1000;
    return micros >= receivedMicros - maxPast.toNanos() / 1000
        && micros <= receivedMicros + maxFuture.toNanos() / 1000;
  }
}
