package io.sluice.schema.text;

import org.apache.arrow.memory.util.MemoryUtil;

/** Bytes that should be UTF-8, copied and checked in one pass, or repaired. */
public final class Utf8Text {

  /** How many bytes beyond the text {@link #copy} may write, and what was there is then lost. */
  public static final int SLACK = 8;

  private static final long HIGH_BITS = 0x8080808080808080L;

  /**
   * Copies the bytes to the address, where length + {@link #SLACK} have room.
   *
   * @return false if they are not UTF-8: the copy is then of no use, see {@link #repair}
   */
  public static boolean copy(byte[] source, int offset, int length, long address) {
    long seen = 0;
    int whole = length & ~7;
    int i = 0;
    for (; i < whole; i += 8) {
      long word = MemoryUtil.getLong(source, offset + i);
      MemoryUtil.putLong(address + i, word);
      seen |= word;
    }
    if (i < length) {
      if (offset + i + 8 <= source.length) {
        long word = MemoryUtil.getLong(source, offset + i);
        MemoryUtil.putLong(address + i, word);
        seen |= word << ((8 - length + i) << 3);
      } else {
        for (; i < length; i++) {
          byte b = source[offset + i];
          MemoryUtil.putByte(address + i, b);
          seen |= b;
        }
      }
    }
    return (seen & HIGH_BITS) == 0 || isValid(source, offset, length);
  }

  /** True if the bytes are UTF-8: no surrogate, no overlong form, nothing above U+10FFFF. */
  public static boolean isValid(byte[] source, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int first = source[at];
      if (first >= 0) {
        at++;
        while (end - at >= 8 && (MemoryUtil.getLong(source, at) & HIGH_BITS) == 0) {
          at += 8;
        }
        continue;
      }
      int step = sequence(source, at, end);
      if (step <= 0) {
        return false;
      }
      at += step;
    }
    return true;
  }

  /**
   * Copies the bytes with U+FFFD for what is not UTF-8, exactly where {@code new String(bytes,
   * UTF_8)} has it. Three times the length must have room.
   *
   * @return how many bytes the text has
   */
  public static int repair(byte[] source, int offset, int length, long address) {
    int at = offset;
    int end = offset + length;
    long to = address;
    while (at < end) {
      int step = source[at] >= 0 ? 1 : sequence(source, at, end);
      if (step > 0) {
        for (int i = 0; i < step; i++) {
          MemoryUtil.putByte(to++, source[at + i]);
        }
        at += step;
      } else {
        MemoryUtil.putByte(to++, (byte) 0xef);
        MemoryUtil.putByte(to++, (byte) 0xbf);
        MemoryUtil.putByte(to++, (byte) 0xbd);
        at -= step;
      }
    }
    return (int) (to - address);
  }

  /**
   * The length of the sequence that begins with a byte not ASCII; if it is malformed, minus the
   * number of bytes that one U+FFFD stands for.
   */
  private static int sequence(byte[] source, int at, int end) {
    int first = source[at] & 0xff;
    int left = end - at;
    if (first < 0xc2 || first > 0xf4) {
      return -1;
    }
    if (first < 0xe0) {
      return left > 1 && continues(source[at + 1]) ? 2 : -1;
    }
    if (left == 1) {
      return -1;
    }
    int second = source[at + 1] & 0xff;
    return first < 0xf0
        ? three(source, at, left, first, second)
        : four(source, at, left, first, second);
  }

  private static int three(byte[] source, int at, int left, int first, int second) {
    if ((second & 0xc0) != 0x80 || (first == 0xe0 && second < 0xa0)) {
      return -1;
    }
    if (left == 2 || !continues(source[at + 2])) {
      return -2;
    }
    return first == 0xed && second >= 0xa0 ? -3 : 3; // a surrogate is one replacement
  }

  private static int four(byte[] source, int at, int left, int first, int second) {
    if ((second & 0xc0) != 0x80
        || (first == 0xf0 && second < 0x90)
        || (first == 0xf4 && second > 0x8f)) {
      return -1;
    }
    if (left == 2 || !continues(source[at + 2])) {
      return -2;
    }
    return left > 3 && continues(source[at + 3]) ? 4 : -3;
  }

  private static boolean continues(byte b) {
    return (b & 0xc0) == 0x80;
  }

  private Utf8Text() {}
}
