package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** A column of longs that is not sent: the Writer knows it or computes it from others. */
final class DerivedColumn implements RowColumn {

  /** Fills in values for {@code rows[from..to)} of a batch. */
  interface Rule {
    void apply(WireBatch batch, int[] rows, int from, int to, long at);
  }

  private final GrowingFixed out;
  private final Rule rule;

  DerivedColumn(BufferAllocator allocator, Rule rule) {
    this.out = new GrowingFixed(allocator, Long.BYTES);
    this.rule = rule;
  }

  static void time(WireBatch batch, int[] rows, int from, int to, long first) {
    int range = 0;
    long at = first;
    for (int i = from; i < to; i++, at += Long.BYTES) {
      range = batch.ranges().of(rows[i], range);
      MemoryUtil.putLong(at, batch.time().micros(rows[i], batch.receivedOfRange(range)));
    }
  }

  static void ingestTime(WireBatch batch, int[] rows, int from, int to, long first) {
    int range = 0;
    long at = first;
    for (int i = from; i < to; i++, at += Long.BYTES) {
      range = batch.ranges().of(rows[i], range);
      MemoryUtil.putLong(at, batch.receivedOfRange(range));
    }
  }

  /** Wraps like the unsigned nanos that it is the difference of. */
  static Rule difference(int end, int start) {
    return (batch, rows, from, to, first) -> {
      Source ends = batch.struct(Level.ROW).children[end];
      Source starts = batch.struct(Level.ROW).children[start];
      long at = first;
      for (int i = from; i < to; i++, at += Long.BYTES) {
        MemoryUtil.putLong(at, ends.longAt(rows[i]) - starts.longAt(rows[i]));
      }
    };
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(WireBatch batch, Selection rows, int from, int to) {
    rule.apply(batch, rows.at(Level.ROW), from, to, out.room(to - from));
    out.count += to - from;
  }

  @Override
  public long bytes(WireBatch batch, int from, int to) {
    return WireColumn.fixedBytes(to - from, Long.BYTES);
  }
}
