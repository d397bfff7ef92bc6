package io.sluice.query;

import io.sluice.schema.service.Durations;
import io.sluice.schema.service.Settings;
import java.time.Duration;

/**
 * What tools that read need to know beyond where Writers and tables are.
 *
 * @param leaderWait how long a read looks for the leaders of its logs before it is given up
 */
public record ReadSettings(Duration leaderWait) {

  static final String WAIT = "10s";

  public static final ReadSettings DEFAULT = new ReadSettings(Durations.parse(WAIT));

  /** Problems stay in the settings. */
  public static ReadSettings from(Settings settings) {
    return new ReadSettings(
        settings.get(
            "read.wait",
            WAIT,
            Durations::parse,
            "how long a reading command waits for logs whose leaders are away or not yet elected"));
  }
}
