package io.sluice.acceptor.receive;

import java.util.function.DoubleSupplier;

/**
 * When an HTTP client is to come again: in whole seconds, as Retry-After has no others, at least
 * one, as some clients take none for "at once"; from the hint to half as much more, so that not all
 * come at once; and in less than five whatever the hint, since a client that has 10 s in all gives
 * up at once if it is told to wait for longer. Safe for any thread if the randomness is.
 */
final class RetryAfter {

  private static final int SECOND = 1_000;
  private static final int LONGEST_HINT = 3 * SECOND;
  private static final int MOST_SECONDS = 4;

  private final DoubleSupplier random;

  /**
   * @param random from 0 to 1
   */
  RetryAfter(DoubleSupplier random) {
    this.random = random;
  }

  /** The outcome, with its hint so changed if it has one. */
  Outcome spread(Outcome outcome) {
    if (outcome instanceof Outcome.Overloaded overloaded) {
      return new Outcome.Overloaded(millis(overloaded.retryAfterMillis()), overloaded.why());
    }
    if (outcome instanceof Outcome.Unavailable unavailable) {
      return new Outcome.Unavailable(millis(unavailable.retryAfterMillis()), unavailable.why());
    }
    return outcome;
  }

  private int millis(int hint) {
    int known = Math.max(SECOND, Math.min(hint, LONGEST_HINT));
    int least = seconds(known);
    int most = Math.min(seconds(known + known / 2), MOST_SECONDS);
    return SECOND * (least + (int) (random.getAsDouble() * (most - least + 1)));
  }

  private static int seconds(int millis) {
    return (millis + SECOND - 1) / SECOND;
  }
}
