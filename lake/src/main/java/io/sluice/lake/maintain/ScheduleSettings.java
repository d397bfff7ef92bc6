package io.sluice.lake.maintain;

import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.time.Duration;

/**
 * When a Writer maintains the tables by itself.
 *
 * @param mode {@code on}, {@code off}; {@code first}: on at the first of several Writers, which are
 *     all told the same; or {@code auto}: on where one box does it all
 * @param every from the end of one run to the begin of the next, about
 */
public record ScheduleSettings(String mode, Duration every) {

  public static final String KEY = "maintain.schedule";

  public static final String AUTO = "auto";
  public static final String ON = "on";
  public static final String OFF = "off";
  public static final String FIRST = "first";

  /** Reads them; problems stay in the settings. */
  public static ScheduleSettings from(Settings settings) {
    return new ScheduleSettings(
        settings.get(
            KEY,
            AUTO,
            Parsers.oneOf(AUTO, ON, OFF, FIRST),
            "whether the Writer maintains the tables: on, off; first = the first of writers does; auto = on under `sluice up`, else off"),
        settings.get(
            "maintain.every",
            "1h",
            Durations.atLeast(Duration.ofMinutes(1)),
            "about how long it rests between two runs of that"));
  }

  /** What they are for one of several Writers. */
  public ScheduleSettings of(int ordinal) {
    return mode.equals(FIRST) && ordinal == 0 ? new ScheduleSettings(ON, every) : this;
  }

  /** Whether another Writer does it. */
  public boolean isElsewhere() {
    return mode.equals(FIRST);
  }

  /** In the Writer: who starts it on one box says so. */
  public boolean isOn() {
    return mode.equals(ON);
  }
}
