package io.sluice.schema.table;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The tables, one for each kind of record; each tenant has its own set. */
public enum Table {
  TRACES(Signal.TRACES),
  LOGS(Signal.LOGS),
  METRICS_GAUGE(Signal.METRICS),
  METRICS_SUM(Signal.METRICS),
  METRICS_HISTOGRAM(Signal.METRICS),
  METRICS_EXPONENTIAL_HISTOGRAM(Signal.METRICS),
  METRICS_SUMMARY(Signal.METRICS),
  PROFILES(Signal.PROFILES);

  private static final List<Table> ALL = List.of(values());

  private final Signal signal;
  private final String tableName = name().toLowerCase(Locale.ROOT);

  Table(Signal signal) {
    this.signal = signal;
  }

  public Signal signal() {
    return signal;
  }

  /** The name in the catalog, in tickets and in SQL. */
  public String tableName() {
    return tableName;
  }

  public static List<Table> all() {
    return ALL;
  }

  public static Optional<Table> named(String name) {
    return Arrays.stream(values()).filter(t -> t.tableName.equals(name)).findFirst();
  }

  @Override
  public String toString() {
    return tableName;
  }
}
