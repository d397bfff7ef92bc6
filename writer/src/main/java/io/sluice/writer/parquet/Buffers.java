package io.sluice.writer.parquet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import org.apache.arrow.memory.ArrowBuf;

/**
 * Copies of ranges of Arrow buffers in the heap: one copy of a window is cheaper than a bounds
 * check for every value, and Parquet wants byte arrays anyway.
 */
final class Buffers {

  static long[] longs(ArrowBuf buffer, int from, int count, long[] reuse) {
    long[] values = reuse.length >= count ? reuse : new long[grown(count)];
    range(buffer, (long) from * Long.BYTES, count * Long.BYTES)
        .asLongBuffer()
        .get(values, 0, count);
    return values;
  }

  /** Of 32 bits each. */
  static long[] widened(ArrowBuf buffer, int from, int count, long[] reuse) {
    long[] values = reuse.length >= count ? reuse : new long[grown(count)];
    IntBuffer ints =
        range(buffer, (long) from * Integer.BYTES, count * Integer.BYTES).asIntBuffer();
    for (int i = 0; i < count; i++) {
      values[i] = ints.get(i);
    }
    return values;
  }

  static int[] ints(ArrowBuf buffer, int from, int count, int[] reuse) {
    int[] values = reuse.length >= count ? reuse : new int[grown(count)];
    range(buffer, (long) from * Integer.BYTES, count * Integer.BYTES)
        .asIntBuffer()
        .get(values, 0, count);
    return values;
  }

  static byte[] bytes(ArrowBuf buffer, long from, int count, byte[] reuse) {
    byte[] values = reuse.length >= count ? reuse : new byte[grown(count)];
    buffer.getBytes(from, values, 0, count);
    return values;
  }

  /** A column's array grows a few times, then fits every window. */
  private static int grown(int count) {
    return (int) Math.min(Integer.MAX_VALUE - 8, count + (count >> 1) + 64L);
  }

  private static ByteBuffer range(ArrowBuf buffer, long offset, int length) {
    return buffer.nioBuffer(offset, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private Buffers() {}
}
