package io.sluice.query;

import java.time.Duration;

/**
 * A bounded time in which something is asked again, with pauses that grow: a lead that was handed
 * over is found at once, an election may take its time. One thread uses it.
 */
final class Waiting {

  private static final Duration LONGEST = Duration.ofMillis(200);
  private static final int FIRST_MILLIS = 25;
  private static final int DOUBLINGS = 3;

  private final ReadClock clock;
  private final Duration time;
  private long end;
  private int pauses;

  Waiting(ReadClock clock, Duration time) {
    this.clock = clock;
    this.time = time;
    restart();
  }

  /** Something went well: from here on there is as much time again. */
  void restart() {
    end = clock.nanos() + time.toNanos();
  }

  /** Waits a little; false, at once, if the time is over. */
  boolean pause() throws InterruptedException {
    long left = end - clock.nanos();
    if (left <= 0) {
      return false;
    }
    Duration next = pauses < DOUBLINGS ? Duration.ofMillis((long) FIRST_MILLIS << pauses) : LONGEST;
    pauses++;
    clock.pause(next.toNanos() < left ? next : Duration.ofNanos(left));
    return true;
  }

  Duration time() {
    return time;
  }
}
