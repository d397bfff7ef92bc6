package io.sluice.schema.text;

import org.apache.arrow.memory.util.MemoryUtil;

/** A long in decimal, as {@link Long#toString(long)} has it. */
public final class LongText {

  /** The most bytes a long takes: a sign and 19 digits. */
  public static final int MAX_BYTES = 20;

  private static final byte[] SMALLEST = {
    '-', '9', '2', '2', '3', '3', '7', '2', '0', '3', '6', '8', '5', '4', '7', '7', '5', '8', '0',
    '8'
  };

  /** The two digits of each number below 100, the first in the low byte. */
  private static final short[] PAIRS = new short[100];

  static {
    for (int i = 0; i < PAIRS.length; i++) {
      PAIRS[i] = (short) (('0' + i / 10) | ('0' + i % 10) << 8);
    }
  }

  /**
   * Writes the text at the address, where {@link #MAX_BYTES} have room.
   *
   * @return how many bytes it took
   */
  public static int write(long value, long address) {
    if (value >= 0) {
      return writeDigits(value, address);
    }
    if (value == Long.MIN_VALUE) {
      MemoryUtil.copyToMemory(SMALLEST, 0, address, SMALLEST.length);
      return SMALLEST.length;
    }
    MemoryUtil.putByte(address, (byte) '-');
    return 1 + writeDigits(-value, address + 1);
  }

  static int writeDigits(long value, long address) {
    int count = digits(value);
    long at = address + count;
    long rest = value;
    while (rest >= 100) {
      long hundredth = rest / 100;
      at -= 2;
      MemoryUtil.putShort(at, PAIRS[(int) (rest - hundredth * 100)]);
      rest = hundredth;
    }
    if (rest >= 10) {
      MemoryUtil.putShort(at - 2, PAIRS[(int) rest]);
    } else {
      MemoryUtil.putByte(at - 1, (byte) ('0' + rest));
    }
    return count;
  }

  /** How many decimal digits a value not below zero has; 1 for zero. */
  static int digits(long value) {
    int count = 1;
    for (long bound = 10; count < 19 && value >= bound; bound *= 10) {
      count++;
    }
    return count;
  }

  private LongText() {}
}
