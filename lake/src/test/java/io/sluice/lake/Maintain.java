package io.sluice.lake;

import io.sluice.lake.maintain.MaintenanceSettings;
import io.sluice.lake.maintain.RetentionTimes;
import java.time.Duration;

/** Settings of maintenance in tests. */
final class Maintain {

  static MaintenanceSettings settings(String retention, Duration orphansOlderThan) {
    return new MaintenanceSettings(
        RetentionTimes.parse(retention),
        orphansOlderThan,
        Duration.ofHours(1),
        Duration.ofHours(6),
        128L << 20,
        64L << 20);
  }

  private Maintain() {}
}
