package io.sluice.writer.parquet;

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
    int at = 0;
    int packedFrom = 0;
    while (at < count) {
      int value = values[at];
      int end = at + 1;
      while (end < count && values[end] == value) {
        end++;
      }
      // A run takes what is left of it when the group before it is full.
      int begin = at + (-(at - packedFrom) & (GROUP - 1));
      if (end - begin >= GROUP) {
        pack(values, packedFrom, begin, width, out);
        run(value, end - begin, width, out);
        packedFrom = end;
      }
      at = end;
    }
    pack(values, packedFrom, count, width, out);
  }

  /** Packs {@code from..to}; what the last group lacks is zero. */
  private static void pack(int[] values, int from, int to, int width, ByteSink out) {
    int at = from;
    while (at < to) {
      int groups = Math.min(MOST_GROUPS, (to - at + GROUP - 1) / GROUP);
      out.put((byte) ((groups << 1) | 1));
      out.room((long) groups * width + Long.BYTES);
      int end = Math.min(to, at + groups * GROUP);
      long bits = 0;
      int filled = 0;
      for (int i = at; i < end; i++) {
        bits |= (long) values[i] << filled;
        filled += width;
        if (filled >= Integer.SIZE) {
          out.putInt((int) bits);
          bits >>>= Integer.SIZE;
          filled -= Integer.SIZE;
        }
      }
      int left = groups * GROUP * width - (end - at) * width + filled;
      while (left > 0) {
        out.put((byte) bits);
        bits >>>= Byte.SIZE;
        left -= Byte.SIZE;
      }
      at = end;
    }
  }

  private Hybrid() {}
}
