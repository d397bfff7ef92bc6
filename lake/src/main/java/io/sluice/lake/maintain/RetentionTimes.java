package io.sluice.lake.maintain;

import io.sluice.schema.service.Durations;
import io.sluice.schema.table.Table;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * For how long rows are kept: of one tenant's table, else of all tables of that name, else of all.
 */
public final class RetentionTimes {

  private static final String DEFAULT = "default";
  private static final Duration LEAST = Duration.ofDays(1);

  private final Map<String, Duration> times;

  private RetentionTimes(Map<String, Duration> times) {
    this.times = times;
  }

  /**
   * Reads {@code traces=30d, logs=90d, acme.logs=7d, default=0}; 0 keeps them, as does nothing.
   *
   * @throws IllegalArgumentException it is not of that form, or shorter than a day
   */
  public static RetentionTimes parse(String text) {
    Map<String, Duration> times = new HashMap<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int equals = part.indexOf('=');
      String name = part.substring(0, Math.max(0, equals)).trim();
      if (equals < 0 || !isName(name)) {
        throw new IllegalArgumentException(
            "cannot read retention: '%s' (TABLE=30d, TENANT.TABLE=7d, default=0, ...; tables are %s)"
                .formatted(part.trim(), Table.all()));
      }
      if (times.put(name, time(part.substring(equals + 1).trim())) != null) {
        throw new IllegalArgumentException("cannot read retention: %s twice".formatted(name));
      }
    }
    return new RetentionTimes(Map.copyOf(times));
  }

  private static boolean isName(String name) {
    int dot = name.lastIndexOf('.');
    return name.equals(DEFAULT) || (dot != 0 && Table.named(name.substring(dot + 1)).isPresent());
  }

  private static Duration time(String text) {
    Duration time = text.equals("0") ? Duration.ZERO : Durations.parse(text);
    if (!time.isZero() && time.compareTo(LEAST) < 0) {
      throw new IllegalArgumentException(
          "cannot keep rows for '%s' (at least 1d, or 0 for ever)".formatted(text));
    }
    return time;
  }

  /** Whether any table's rows are to go at all. */
  public boolean isAny() {
    return times.values().stream().anyMatch(time -> !time.isZero());
  }

  /** Empty: for ever. */
  Optional<Duration> of(String tenant, Table table) {
    Duration time = times.get(tenant + "." + table.tableName());
    if (time == null) {
      time = times.get(table.tableName());
    }
    if (time == null) {
      time = times.getOrDefault(DEFAULT, Duration.ZERO);
    }
    return time.isZero() ? Optional.empty() : Optional.of(time);
  }
}
