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
  public void append(Source parent, int[] index, int from, int to) {
    Source source = parent.children[child];
    long ends = out.offsetRoom(to - from);
    long data = out.dataRoom((long) EnumNames.ROOM * (to - from));
    for (int i = from; i < to; i++, ends += Integer.BYTES) {
      int bytes = 0;
      if (source.isNull(index[i])) {
        out.setNull(out.count + i - from);
      } else {
        bytes = names.write(source.intAt(index[i]), data);
      }
      data += bytes;
      MemoryUtil.putInt(ends, out.advance(bytes));
    }
    out.count += to - from;
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return 16L * (to - from);
  }
}
