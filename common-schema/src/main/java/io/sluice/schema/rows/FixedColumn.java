package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Values of 4 or 8 bytes that stay as they are; u64 becomes the long of the same bits. */
final class FixedColumn implements WireColumn {

  private final int child;
  private final GrowingFixed out;

  FixedColumn(BufferAllocator allocator, int child, int width) {
    this.child = child;
    this.out = new GrowingFixed(allocator, width);
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int n) {
    Source source = parent.children[child];
    long at = out.room(n);
    if (source.validity != 0) {
      appendNullable(source, index, n, at);
    } else if (out.width() == Long.BYTES) {
      for (int i = 0; i < n; i++) {
        MemoryUtil.putLong(at + 8L * i, source.longAt(index[i]));
      }
    } else {
      for (int i = 0; i < n; i++) {
        MemoryUtil.putInt(at + 4L * i, source.intAt(index[i]));
      }
    }
    out.count += n;
  }

  private void appendNullable(Source source, int[] index, int n, long at) {
    int width = out.width();
    for (int i = 0; i < n; i++) {
      long to = at + (long) width * i;
      if (source.isNull(index[i])) {
        out.addNull(to, out.count + i);
      } else if (width == Long.BYTES) {
        MemoryUtil.putLong(to, source.longAt(index[i]));
      } else {
        MemoryUtil.putInt(to, source.intAt(index[i]));
      }
    }
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return (long) (to - from) * out.width();
  }
}
