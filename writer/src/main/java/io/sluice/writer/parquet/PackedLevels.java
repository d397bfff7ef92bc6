package io.sluice.writer.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The {@link Hybrid} of small numbers, a byte each: eight at a time are a word, whose bits are
 * moved together in three steps, and one comparison tells whether a run goes on.
 */
final class PackedLevels {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int GROUP = Long.BYTES;
  private static final long EACH_BYTE = 0x0101010101010101L;

  /** The length of packed groups is written before them, in one byte. */
  private static final int MOST_GROUPS = 63;

  /** A run takes two bytes, and a length of packed groups before and after it. */
  private static final int RUN_BYTES = 4;

  private final byte[] values;
  private final int width;
  private final ByteSink out;
  private final long low;
  private final long mid;
  private final long high;

  private PackedLevels(byte[] values, int width, ByteSink out) {
    this.values = values;
    this.width = width;
    this.out = out;
    this.low = 0x0001000100010001L * ((1L << width) - 1);
    this.mid = 0x0000000100000001L * ((1L << (2 * width)) - 1);
    this.high = (1L << (4 * width)) - 1;
  }

  /**
   * Appends the first values of an array.
   *
   * @param values of at least {@code count} bytes, and a multiple of eight; those behind count may
   *     be changed
   * @param width 1 to 7 bits
   */
  static void write(byte[] values, int count, int width, ByteSink out) {
    int end = (count + GROUP - 1) & -GROUP;
    for (int i = count; i < end; i++) {
      values[i] = values[count - 1];
    }
    new PackedLevels(values, width, out).write(count, end);
  }

  private void write(int count, int end) {
    int packedFrom = 0;
    int at = 0;
    while (at < end) {
      long word = word(at);
      int next = at + GROUP;
      if (word == (word & 0xff) * EACH_BYTE) {
        while (next < end && word(next) == word) {
          next += GROUP;
        }
        if ((next - at) / GROUP * width >= RUN_BYTES) {
          pack(packedFrom, at);
          Hybrid.run((int) word & 0xff, Math.min(next, count) - at, width, out);
          packedFrom = next;
        }
      }
      at = next;
    }
    pack(packedFrom, end);
  }

  private void pack(int from, int to) {
    int at = from;
    while (at < to) {
      int groups = Math.min(MOST_GROUPS, (to - at) / GROUP);
      out.put((byte) ((groups << 1) | 1));
      out.room((long) groups * width + Long.BYTES);
      for (int i = 0; i < groups; i++) {
        out.putLowest(packed(word(at)), width);
        at += GROUP;
      }
    }
  }

  private long word(int at) {
    return (long) LONG.get(values, at);
  }

  /** Eight bytes' lowest bits, the first byte's lowest. */
  private long packed(long word) {
    long pairs = (word & low) | ((word >>> (8 - width)) & (low << width));
    long fours = (pairs & mid) | ((pairs >>> (16 - 2 * width)) & (mid << (2 * width)));
    return (fours & high) | ((fours >>> (32 - 4 * width)) & (high << (4 * width)));
  }
}
