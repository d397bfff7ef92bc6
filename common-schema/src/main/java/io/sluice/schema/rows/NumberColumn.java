package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** A value that was sent as double or as int, as double; null if neither was sent. */
final class NumberColumn implements WireColumn {

  private final int value;
  private final int valueInt;
  private final GrowingFixed out;

  NumberColumn(BufferAllocator allocator, int value, int valueInt) {
    this.value = value;
    this.valueInt = valueInt;
    this.out = new GrowingFixed(allocator, Double.BYTES);
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int from, int to) {
    Source doubles = parent.children[value];
    Source ints = parent.children[valueInt];
    long at = out.room(to - from);
    for (int i = from; i < to; i++, at += 8) {
      if (!doubles.isNull(index[i])) {
        MemoryUtil.putLong(at, doubles.longAt(index[i]));
      } else if (!ints.isNull(index[i])) {
        MemoryUtil.putLong(at, Double.doubleToRawLongBits((double) ints.longAt(index[i])));
      } else {
        out.addNull(at, out.count + i - from);
      }
    }
    out.count += to - from;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return WireColumn.fixedBytes(to - from, Double.BYTES);
  }
}
