package io.sluice.schema.rows;

import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import org.jspecify.annotations.Nullable;

/** Chooses each row's time of the times that its record has. */
final class TimeOfRow {

  private final EventTime rule;
  private final Source event;
  private final @Nullable Source observed;

  private TimeOfRow(EventTime rule, Source event, @Nullable Source observed) {
    this.rule = rule;
    this.event = event;
    this.observed = observed;
  }

  static TimeOfRow of(Table table, Source root, EventTime rule) {
    String event = table == Table.TRACES ? "start_time_unix_nano" : "time_unix_nano";
    Source observed =
        table.signal() == Signal.LOGS ? column(root, "observed_time_unix_nano") : null;
    return new TimeOfRow(rule, column(root, event), observed);
  }

  private static Source column(Source root, String name) {
    for (Source column : root.children) {
      if (column.shape.name.equals(name)) {
        return column;
      }
    }
    throw new IllegalArgumentException("cannot find a row's time: no column " + name);
  }

  long micros(int row, long received) {
    return switch (source(row, received)) {
      case EVENT -> event.longAt(row) / 1000;
      case OBSERVED -> observed == null ? received : observed.longAt(row) / 1000;
      case ARRIVAL -> received;
    };
  }

  TimeSource source(int row, long received) {
    if (rule.plausible(event.longAt(row), received)) {
      return TimeSource.EVENT;
    }
    return observed != null && rule.plausible(observed.longAt(row), received)
        ? TimeSource.OBSERVED
        : TimeSource.ARRIVAL;
  }
}
