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
  public void append(Source parent, int[] index, int n) {
    Source source = parent.children[child];
    long at = out.room(n);
    for (int i = 0; i < n; i++) {
      if (source.isNull(index[i])) {
        out.addNull(at + 8L * i, out.count + i);
      } else {
        MemoryUtil.putLong(at + 8L * i, Integer.toUnsignedLong(source.intAt(index[i])));
      }
    }
    out.count += n;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return 8L * (to - from);
  }
}
