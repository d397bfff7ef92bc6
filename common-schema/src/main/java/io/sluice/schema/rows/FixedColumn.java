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
  public void append(Source parent, int[] index, int from, int to) {
    Source source = parent.children[child];
    long at = out.room(to - from);
    if (source.validity != 0) {
      appendNullable(source, index, from, to, at);
    } else if (out.width() == Long.BYTES) {
      for (int i = from; i < to; i++, at += Long.BYTES) {
        MemoryUtil.putLong(at, source.longAt(index[i]));
      }
    } else {
      for (int i = from; i < to; i++, at += Integer.BYTES) {
        MemoryUtil.putInt(at, source.intAt(index[i]));
      }
    }
    out.count += to - from;
  }

  private void appendNullable(Source source, int[] index, int from, int to, long first) {
    long at = first;
    for (int i = from; i < to; i++, at += out.width()) {
      if (source.isNull(index[i])) {
        out.addNull(at, out.count + i - from);
      } else if (out.width() == Long.BYTES) {
        MemoryUtil.putLong(at, source.longAt(index[i]));
      } else {
        MemoryUtil.putInt(at, source.intAt(index[i]));
      }
    }
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return WireColumn.fixedBytes(to - from, out.width());
  }
}
