package io.sluice.schema.text;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A decimal {@code digits * 10^exponent} laid out as {@link Double#toString(double)} lays it out.
 */
final class DecimalLayout {

  /** Writes it at the address; how many bytes it took. */
  static int write(long decimal, int exponent, long address) {
    if (decimal == 0) {
      MemoryUtil.putByte(address, (byte) '0');
      MemoryUtil.putByte(address + 1, (byte) '.');
      MemoryUtil.putByte(address + 2, (byte) '0');
      return 3;
    }
    long digits = decimal;
    int scale = exponent;
    while (digits % 10 == 0) {
      digits /= 10;
      scale++;
    }
    int count = LongText.digits(digits);
    int point = count + scale; // the value is 0.DIGITS * 10^point
    if (point > 7 || point <= -3) {
      return scientific(digits, count, point - 1, address);
    }
    return point > 0 ? plain(digits, count, point, address) : small(digits, point, address);
  }

  private static int plain(long digits, int count, int point, long address) {
    if (point >= count) {
      LongText.writeDigits(digits, address);
      for (int i = count; i < point; i++) {
        MemoryUtil.putByte(address + i, (byte) '0');
      }
      MemoryUtil.putByte(address + point, (byte) '.');
      MemoryUtil.putByte(address + point + 1, (byte) '0');
      return point + 2;
    }
    insertPoint(digits, point, address);
    return count + 1;
  }

  private static int small(long digits, int point, long address) {
    MemoryUtil.putByte(address, (byte) '0');
    MemoryUtil.putByte(address + 1, (byte) '.');
    int zeros = -point;
    for (int i = 0; i < zeros; i++) {
      MemoryUtil.putByte(address + 2 + i, (byte) '0');
    }
    return 2 + zeros + LongText.writeDigits(digits, address + 2 + zeros);
  }

  private static int scientific(long digits, int count, int exponent, long address) {
    int length;
    if (count == 1) {
      MemoryUtil.putByte(address, (byte) ('0' + digits));
      MemoryUtil.putByte(address + 1, (byte) '.');
      MemoryUtil.putByte(address + 2, (byte) '0');
      length = 3;
    } else {
      insertPoint(digits, 1, address);
      length = count + 1;
    }
    MemoryUtil.putByte(address + length, (byte) 'E');
    return length + 1 + LongText.write(exponent, address + length + 1);
  }

  private static void insertPoint(long digits, int point, long address) {
    LongText.writeDigits(digits, address + 1);
    for (int i = 0; i < point; i++) {
      MemoryUtil.putByte(address + i, MemoryUtil.getByte(address + i + 1));
    }
    MemoryUtil.putByte(address + point, (byte) '.');
  }

  private DecimalLayout() {}
}
