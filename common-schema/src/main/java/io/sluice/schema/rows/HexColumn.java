package io.sluice.schema.rows;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Ids become lower-case hex; an empty one null. */
final class HexColumn implements WireColumn {

  private static final short[] HEX = new short[256];

  static {
    byte[] digits = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    for (int b = 0; b < HEX.length; b++) {
      HEX[b] = (short) (digits[b >>> 4] | digits[b & 15] << 8);
    }
  }

  private final int child;
  private final GrowingBytes out;

  HexColumn(BufferAllocator allocator, int child) {
    this.child = child;
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
    for (int i = from; i < to; i++, ends += Integer.BYTES) {
      int start = source.start(index[i]);
      int bytes = source.start(index[i] + 1) - start;
      if (bytes == 0) {
        out.setNull(out.count + i - from);
      } else {
        hex(source.data + start, out.dataRoom(2L * bytes), bytes);
      }
      MemoryUtil.putInt(ends, out.advance(2 * bytes));
    }
    out.count += to - from;
  }

  private static void hex(long from, long to, int bytes) {
    for (int i = 0; i < bytes; i++) {
      MemoryUtil.putShort(to + 2L * i, HEX[MemoryUtil.getByte(from + i) & 0xff]);
    }
  }

  @Override
  public long bytes(Source parent, int from, int to) {
    return 2 * BytesColumn.bytesOf(parent.children[child], from, to);
  }
}
