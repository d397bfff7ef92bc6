package io.sluice.lake;

import java.util.UUID;

/** Positions of one log: after {@code from}, up to and with {@code to}. */
public record LogRange(UUID logId, long from, long to) {

  public LogRange {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("cannot make a log range: (" + from + ", " + to + "]");
    }
  }

  @Override
  public String toString() {
    return "log " + logId + " (" + from + ", " + to + "]";
  }
}
