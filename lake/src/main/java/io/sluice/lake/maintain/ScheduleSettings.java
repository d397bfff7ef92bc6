package io.sluice.lake.maintain;

import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import java.time.Duration;

/**
 * When a Writer maintains the tables by itself.
 *
 * @param mode {@code on}, {@code off}, or {@code auto}: on where one box does it all
 * @param every from the end of one run to the begin of the next, about
 */
public record ScheduleSettings(String mode, Duration every) {

  public static final String KEY = "maintain.schedule";

  public static final String AUTO = "auto";
  public static final String ON = "on";

  /** Reads them; problems stay in the settings. */
  public static ScheduleSettings from(Settings settings) {
    return new ScheduleSettings(
        settings.get(
            KEY,
            AUTO,
            Parsers.oneOf(AUTO, ON, "off"),
            "whether the Writer maintains the tables: on, off; auto = on under `sluice up`, else off"),
        settings.get(
            "maintain.every",
            "1h",
            Durations.atLeast(Duration.ofMinutes(1)),
            "about how long it rests between two runs of that"));
  }

  /** In the Writer: who starts it on one box says so. */
  public boolean isOn() {
    return mode.equals(ON);
  }
}
