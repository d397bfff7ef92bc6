package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** A column of longs that is not sent: the Writer knows it or computes it from others. */
final class DerivedColumn implements RowColumn {

  /** Fills in values for the rows of a batch. */
  interface Rule {
    void apply(WireBatch batch, int[] rows, int n, long to);
  }

  private final GrowingFixed out;
  private final Rule rule;

  DerivedColumn(BufferAllocator allocator, Rule rule) {
    this.out = new GrowingFixed(allocator, Long.BYTES);
    this.rule = rule;
  }

  static void time(WireBatch batch, int[] rows, int n, long to) {
    int range = 0;
    for (int i = 0; i < n; i++) {
      range = batch.ranges().of(rows[i], range);
      MemoryUtil.putLong(to + 8L * i, batch.time().micros(rows[i], batch.receivedOfRange(range)));
    }
  }

  static void ingestTime(WireBatch batch, int[] rows, int n, long to) {
    int range = 0;
    for (int i = 0; i < n; i++) {
      range = batch.ranges().of(rows[i], range);
      MemoryUtil.putLong(to + 8L * i, batch.receivedOfRange(range));
    }
  }

  /** Wraps like the unsigned nanos that it is the difference of. */
  static Rule difference(int end, int start) {
    return (batch, rows, n, to) -> {
      Source ends = batch.struct(Level.ROW).children[end];
      Source starts = batch.struct(Level.ROW).children[start];
      for (int i = 0; i < n; i++) {
        MemoryUtil.putLong(to + 8L * i, ends.longAt(rows[i]) - starts.longAt(rows[i]));
      }
    };
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(WireBatch batch, Selection rows) {
    rule.apply(batch, rows.at(Level.ROW), rows.count(), out.room(rows.count()));
    out.count += rows.count();
  }

  @Override
  public long bytes(WireBatch batch, int from, int to) {
    return 8L * (to - from);
  }
}
