package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Booleans, as they are. */
final class BooleanColumn implements WireColumn {

  private final int child;
  private final GrowingBits out;

  BooleanColumn(BufferAllocator allocator, int child) {
    this.child = child;
    this.out = new GrowingBits(allocator);
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int from, int to) {
    long data = parent.children[child].data;
    for (int i = from; i < to; i++) {
      int value = MemoryUtil.getByte(data + (index[i] >>> 3)) >>> (index[i] & 7) & 1;
      out.add(value == 1);
    }
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return 2L * ((to - from) / 8 + 1);
  }
}
