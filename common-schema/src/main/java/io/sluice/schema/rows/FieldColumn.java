package io.sluice.schema.rows;

import java.util.function.IntToLongFunction;

/** A column that is sent: in each row or once per run. */
final class FieldColumn implements RowColumn {

  private final Level level;
  private final WireColumn column;

  FieldColumn(Level level, WireColumn column) {
    this.level = level;
    this.column = column;
  }

  @Override
  public Growing out() {
    return column.out();
  }

  @Override
  public void append(WireBatch batch, Selection rows, int from, int to) {
    column.append(batch.struct(level), rows.at(level), from, to);
  }

  @Override
  public long bytes(WireBatch batch, int from, int to) {
    Source parent = batch.struct(level);
    return level == Level.ROW
        ? column.bytes(parent, from, to)
        : ofRuns(batch.runs(level), from, to, run -> column.bytes(parent, run, run + 1));
  }

  /** Sums over the rows {@code from..to} what a row of each run has. */
  static long ofRuns(Runs runs, int from, int to, IntToLongFunction bytes) {
    long sum = 0;
    int row = from;
    for (int run = from < to ? runs.of(from) : 0; row < to; run++) {
      int end = Math.min(to, runs.end(run));
      sum += bytes.applyAsLong(run) * (end - row);
      row = end;
    }
    return sum;
  }
}
