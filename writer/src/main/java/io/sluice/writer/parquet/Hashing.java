package io.sluice.writer.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Hashes of values, by multiplying with numbers that differ from process to process: clients choose
 * the values, and must not be able to make them collide.
 */
final class Hashing {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long FIRST;
  private static final long SECOND;
  private static final long THIRD;

  static {
    SecureRandom random = new SecureRandom();
    FIRST = random.nextLong() | 1;
    SECOND = random.nextLong() | 1;
    THIRD = random.nextLong() | 1;
  }

  static int of(long value) {
    return folded(mixed(value ^ FIRST, SECOND));
  }

  static int of(byte[] bytes, int offset, int length) {
    long hash = THIRD ^ length;
    int end = offset + length;
    if (length >= Long.BYTES) {
      for (int i = offset; i + Long.BYTES < end; i += Long.BYTES) {
        hash = mixed((long) LONG.get(bytes, i) ^ FIRST, hash ^ SECOND);
      }
      // The last eight bytes, some of which may have been read before.
      return folded(mixed((long) LONG.get(bytes, end - Long.BYTES) ^ FIRST, hash ^ SECOND));
    }
    return folded(mixed(few(bytes, offset, length) ^ FIRST, hash ^ SECOND));
  }

  /** Up to seven bytes as a number; with their length, no two are the same. */
  private static long few(byte[] bytes, int offset, int length) {
    if (length >= Integer.BYTES) {
      long low = (int) INT.get(bytes, offset) & 0xffff_ffffL;
      long high = (int) INT.get(bytes, offset + length - Integer.BYTES) & 0xffff_ffffL;
      return low | (high << Integer.SIZE);
    }
    if (length == 0) {
      return 0;
    }
    int first = bytes[offset] & 0xff;
    int middle = bytes[offset + (length >> 1)] & 0xff;
    int last = bytes[offset + length - 1] & 0xff;
    return first | (middle << 8) | (last << 16);
  }

  private static long mixed(long a, long b) {
    return (a * b) ^ Math.multiplyHigh(a, b);
  }

  private static int folded(long hash) {
    return (int) (hash ^ (hash >>> 32));
  }

  private Hashing() {}
}
