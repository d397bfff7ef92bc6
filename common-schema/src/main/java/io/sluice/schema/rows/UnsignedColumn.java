package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** uint32 becomes long. */
final class UnsignedColumn implements WireColumn {

  private final int child;
  private final GrowingFixed out;

  UnsignedColumn(BufferAllocator allocator, int child) {
    this.child = child;
    this.out = new GrowingFixed(allocator, Long.BYTES);
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int from, int to) {
    Source source = parent.children[child];
    long at = out.room(to - from);
    for (int i = from; i < to; i++, at += 8) {
      if (source.isNull(index[i])) {
        out.addNull(at, out.count + i - from);
      } else {
        MemoryUtil.putLong(at, Integer.toUnsignedLong(source.intAt(index[i])));
      }
    }
    out.count += to - from;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return WireColumn.fixedBytes(to - from, Long.BYTES);
  }
}
