package io.sluice.schema.rows;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where the time of a row is from. */
public enum TimeSource {
  EVENT,
  OBSERVED,
  ARRIVAL;

  /** The value of the column {@code time_source}: null for the event itself. */
  public @Nullable String text() {
    return this == EVENT ? null : name().toLowerCase(Locale.ROOT);
  }
}
