package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;

/** A column of longs that this table's records have no field for: always null. */
final class AbsentColumn implements WireColumn {

  private final GrowingFixed out;

  AbsentColumn(BufferAllocator allocator) {
    this.out = new GrowingFixed(allocator, Long.BYTES);
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int from, int to) {
    long at = out.room(to - from);
    for (int i = from; i < to; i++, at += 8) {
      out.addNull(at, out.count + i - from);
    }
    out.count += to - from;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return WireColumn.fixedBytes(to - from, Long.BYTES);
  }
}
