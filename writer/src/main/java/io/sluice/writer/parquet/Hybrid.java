package io.sluice.writer.parquet;

import java.util.Arrays;

/**
 * Parquet's hybrid of run lengths and packed bits: eight and more equal values become a run, all
 * else is packed in groups of eight.
 */
final class Hybrid {

  private static final int GROUP = 8;

  /** The length of packed groups is written before them, in one byte. */
  private static final int MOST_GROUPS = 63;

  /** How many bits values up to and with this one need. */
  static int width(int most) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(most);
  }

  /** Appends a run of one value. */
  static void run(int value, int count, int width, ByteSink out) {
    out.putVarInt(count << 1);
    out.putLowest(value, (width + 7) >>> 3);
  }

  /**
   * Appends the first values of an array.
   *
   * @param width 0 to 31 bits
   */
  static void write(int[] values, int count, int width, ByteSink out) {
    if (width == 0) {
      run(0, count, width, out);
      return;
    }
    int packedFrom = 0;
    int at = 0;
    while (at + GROUP <= count) {
      int next = at + GROUP;
      if (isRun(values, at)) {
        int value = values[at];
        while (next < count && values[next] == value) {
          next++;
        }
        pack(values, packedFrom, at, width, out);
        run(value, next - at, width, out);
        packedFrom = next;
      }
      at = next;
    }
    pack(values, packedFrom, count, width, out);
  }

  private static boolean isRun(int[] values, int at) {
    int value = values[at];
    for (int i = at + 1; i < at + GROUP; i++) {
      if (values[i] != value) {
        return false;
      }
    }
    return true;
  }

  /** Packs {@code from..to}; what the last group lacks is zero. */
  private static void pack(int[] values, int from, int to, int width, ByteSink out) {
    int at = from;
    while (at < to) {
      int groups = Math.min(MOST_GROUPS, (to - at + GROUP - 1) / GROUP);
      out.put((byte) ((groups << 1) | 1));
      out.room((long) groups * width + Long.BYTES);
      for (int i = 0; i < groups; i++) {
        if (at + GROUP <= to) {
          packGroup(values, at, width, out);
        } else {
          packGroup(Arrays.copyOf(Arrays.copyOfRange(values, at, to), GROUP), 0, width, out);
        }
        at += GROUP;
      }
    }
  }

  /** Eight values are as many bytes as a value has bits. */
  private static void packGroup(int[] values, int at, int width, ByteSink out) {
    if (width <= Byte.SIZE) {
      out.putLowest(four(values, at, width) | (four(values, at + 4, width) << (4 * width)), width);
    } else if (width < Short.SIZE) {
      long upper = four(values, at + 4, width);
      out.putLong(four(values, at, width) | (upper << (4 * width)));
      out.putLowest(upper >>> (Long.SIZE - 4 * width), width - Long.BYTES);
    } else {
      packWide(values, at, width, out);
    }
  }

  private static long four(int[] values, int at, int width) {
    return values[at]
        | ((long) values[at + 1] << width)
        | ((long) values[at + 2] << (2 * width))
        | ((long) values[at + 3] << (3 * width));
  }

  private static void packWide(int[] values, int at, int width, ByteSink out) {
    long bits = 0;
    int filled = 0;
    for (int i = at; i < at + GROUP; i++) {
      bits |= (long) values[i] << filled;
      filled += width;
      if (filled >= Integer.SIZE) {
        out.putInt((int) bits);
        bits >>>= Integer.SIZE;
        filled -= Integer.SIZE;
      }
    }
    while (filled > 0) {
      out.put((byte) bits);
      bits >>>= Byte.SIZE;
      filled -= Byte.SIZE;
    }
  }

  private Hybrid() {}
}
