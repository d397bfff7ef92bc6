package io.sluice.cli.doctor;

import java.time.Duration;
import java.time.Instant;

/** Whether this machine's clock goes, and is that of others. */
final class ClockChecks {

  private static final Duration FAR = Duration.ofSeconds(5);

  /** Object stores refuse what is signed so early or late. */
  private static final Duration TOO_FAR = Duration.ofMinutes(15);

  private static final Duration STEP = Duration.ofMillis(100);

  private final Instant wall = Instant.now();
  private final long nanos = System.nanoTime();

  /** Whether the wall clock went, since this was made, as far as the one that never jumps. */
  Finding steady() {
    return steady(
        Duration.between(wall, Instant.now()), Duration.ofNanos(System.nanoTime() - nanos));
  }

  static Finding steady(Duration byWall, Duration byMonotonic) {
    Duration apart = byWall.minus(byMonotonic).abs();
    return apart.compareTo(STEP) > 0
        ? Finding.warn(
            "clock",
            "it jumped by %d ms while this ran (have NTP slew it, not step it)"
                .formatted(apart.toMillis()))
        : Finding.ok("clock", "it goes evenly, and says " + Instant.now());
  }

  /**
   * Whether another clock says the same.
   *
   * @param whose for a sentence
   * @param before when it was asked, by this machine's clock
   */
  static Finding against(String whose, Instant before, Instant theirs, Instant after) {
    Duration apart =
        theirs.isBefore(before)
            ? Duration.between(theirs, before)
            : theirs.isAfter(after) ? Duration.between(after, theirs) : Duration.ZERO;
    String says = "%s is %d s apart from this machine's".formatted(whose, apart.toSeconds());
    if (apart.compareTo(TOO_FAR) >= 0) {
      return Finding.fail("clock", says + ": stores refuse what is signed then (run NTP)");
    }
    return apart.compareTo(FAR) >= 0
        ? Finding.warn("clock", says + " (run NTP on both)")
        : Finding.ok("clock", whose + " says the same");
  }
}
