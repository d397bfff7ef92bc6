package io.sluice.acceptor.receive;

import io.sluice.schema.service.DrainRate;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/**
 * When a refused client is told to come again: the hint of whoever had no room, moved by up to a
 * quarter either way, so that those refused together do not come back together, unless each has a
 * time of its own. Always more than none, and less than 5 s: some exporters take the one for
 * "never" and have no time for the other.
 */
final class RetryHints {

  private static final int MOST_MILLIS = 4_900;
  private static final double SPREAD = 0.25;

  private final IntSupplier ownRoom;
  private final DoubleSupplier random;

  /**
   * @param ownRoom in how many milliseconds there may be room here
   * @param random from 0 to below 1
   */
  RetryHints(IntSupplier ownRoom, DoubleSupplier random) {
    this.ownRoom = ownRoom;
    this.random = random;
  }

  /** The outcome as it is told. */
  Outcome told(Outcome outcome) {
    if (outcome instanceof Outcome.Overloaded overloaded) {
      if (overloaded.alone()) {
        int millis = Math.min(Math.max(overloaded.retryAfterMillis(), 1), MOST_MILLIS);
        return new Outcome.Overloaded(millis, overloaded.why());
      }
      boolean own = outcome == ByteBudget.NO_ROOM;
      int millis = own ? ownRoom.getAsInt() : overloaded.retryAfterMillis();
      return new Outcome.Overloaded(spread(millis), overloaded.why());
    }
    if (outcome instanceof Outcome.Unavailable unavailable) {
      return new Outcome.Unavailable(spread(unavailable.retryAfterMillis()), unavailable.why());
    }
    return outcome;
  }

  private int spread(int millis) {
    int hint = Math.min(Math.max(millis, DrainRate.LEAST_MILLIS), DrainRate.MOST_MILLIS);
    double factor = 1 - SPREAD + 2 * SPREAD * random.getAsDouble();
    return (int) Math.min(Math.round(hint * factor), MOST_MILLIS);
  }
}
