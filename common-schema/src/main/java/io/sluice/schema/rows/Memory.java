package io.sluice.schema.rows;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Copies between buffers; most are of a few bytes, where the call of a bulk copy would dominate.
 */
final class Memory {

  private static final int SHORT = 64;

  /** Touches no byte outside of the two ranges. */
  static void copy(long from, long to, long bytes) {
    if (bytes > SHORT) {
      MemoryUtil.copyMemory(from, to, bytes);
    } else if (bytes >= Long.BYTES) {
      long last = bytes - Long.BYTES;
      for (long i = 0; i < last; i += Long.BYTES) {
        MemoryUtil.putLong(to + i, MemoryUtil.getLong(from + i));
      }
      MemoryUtil.putLong(to + last, MemoryUtil.getLong(from + last));
    } else {
      copyFew(from, to, (int) bytes);
    }
  }

  private static void copyFew(long from, long to, int bytes) {
    if (bytes >= Integer.BYTES) {
      int last = bytes - Integer.BYTES;
      int head = MemoryUtil.getInt(from);
      MemoryUtil.putInt(to + last, MemoryUtil.getInt(from + last));
      MemoryUtil.putInt(to, head);
    } else {
      for (int i = 0; i < bytes; i++) {
        MemoryUtil.putByte(to + i, MemoryUtil.getByte(from + i));
      }
    }
  }

  private Memory() {}
}
