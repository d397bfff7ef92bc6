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
  public void append(Source parent, int[] index, int n) {
    Source doubles = parent.children[value];
    Source ints = parent.children[valueInt];
    long at = out.room(n);
    for (int i = 0; i < n; i++) {
      int from = index[i];
      if (!doubles.isNull(from)) {
        MemoryUtil.putLong(at + 8L * i, doubles.longAt(from));
      } else if (!ints.isNull(from)) {
        MemoryUtil.putLong(at + 8L * i, Double.doubleToRawLongBits((double) ints.longAt(from)));
      } else {
        out.addNull(at + 8L * i, out.count + i);
      }
    }
    out.count += n;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return 8L * (to - from);
  }
}
