package io.sluice.bench.record;

import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;

/**
 * Which table each record of a request belongs to. A metrics request has the points of each kind in
 * a row: 30 % gauge, 40 % sum, 20 % histogram, 5 % exponential histogram, 5 % summary.
 */
public record Shape(Signal signal, int records) {

  /** The spans of a trace follow each other in their request; the last trace may have fewer. */
  public static final int SPANS_PER_TRACE = 8;

  /** The table of one record; its ordinal is below {@link #records}. */
  public Table table(int ordinal) {
    return switch (signal) {
      case TRACES -> Table.TRACES;
      case LOGS -> Table.LOGS;
      case PROFILES -> Table.PROFILES;
      case METRICS -> kind((ordinal * 20 + 19) / records);
    };
  }

  /** How many records of the request belong to the table. */
  public int count(Table table) {
    int count = 0;
    for (int i = 0; i < records; i++) {
      count += table(i) == table ? 1 : 0;
    }
    return count;
  }

  private static Table kind(int twentieth) {
    if (twentieth < 6) {
      return Table.METRICS_GAUGE;
    }
    if (twentieth < 14) {
      return Table.METRICS_SUM;
    }
    if (twentieth < 18) {
      return Table.METRICS_HISTOGRAM;
    }
    return twentieth < 19 ? Table.METRICS_EXPONENTIAL_HISTOGRAM : Table.METRICS_SUMMARY;
  }
}
