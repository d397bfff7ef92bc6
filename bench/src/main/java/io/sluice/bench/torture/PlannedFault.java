package io.sluice.bench.torture;

import io.sluice.bench.torture.FaultKind.Track;
import java.time.Duration;
import java.util.Locale;

/**
 * A fault and its time.
 *
 * @param track after whose last fault it comes
 * @param at after the begin of the faults
 * @param length for how long
 * @param draw for whatever else it leaves to chance; at least 0
 */
record PlannedFault(FaultKind kind, Track track, Duration at, Duration length, int draw) {

  /** A number from {@code least} to {@code most}. */
  int draw(int least, int most) {
    return least + draw % (most - least + 1);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%7.1f s  %-22s %5.1f s  %s",
        at.toMillis() / 1e3,
        kind,
        length.toMillis() / 1e3,
        kind.what());
  }
}
