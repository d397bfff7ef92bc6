package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Enum numbers become names. */
final class EnumColumn implements WireColumn {

  private final int child;
  private final EnumNames names;
  private final GrowingBytes out;

  EnumColumn(BufferAllocator allocator, int child, EnumNames names) {
    this.child = child;
    this.names = names;
    this.out = new GrowingBytes(allocator);
  }

  @Override
  public Growing out() {
    return out;
  }

  @Override
  public void append(Source parent, int[] index, int n) {
    Source source = parent.children[child];
    long ends = out.offsetRoom(n);
    long start = out.dataRoom((long) EnumNames.ROOM * n);
    int bytes = 0;
    int before = out.end();
    for (int i = 0; i < n; i++) {
      if (source.isNull(index[i])) {
        out.setNull(out.count + i);
      } else {
        bytes += names.write(source.intAt(index[i]), start + bytes);
      }
      MemoryUtil.putInt(ends + 4L * i, before + bytes);
    }
    out.advance(bytes);
    out.count += n;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return 16L * (to - from);
  }
}
