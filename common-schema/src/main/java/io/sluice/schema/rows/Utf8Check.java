package io.sluice.schema.rows;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Whether a column's texts are UTF-8: no surrogate, no overlong form, nothing above U+10FFFF. All
 * texts of a column lie one behind the other, so they are looked at as one, eight bytes at a time;
 * and where they are not ASCII, none may begin within a character.
 */
final class Utf8Check {

  private static final long HIGH_BITS = 0x8080808080808080L;

  static boolean isValid(Source texts) {
    int values = texts.values;
    if (values == 0) {
      return true;
    }
    long offsets = texts.offsets;
    long data = texts.data;
    int end = MemoryUtil.getInt(offsets + 4L * values);
    long from = data + MemoryUtil.getInt(offsets);
    long to = data + end;
    if (isAscii(from, to)) {
      return true;
    }
    for (int i = 1; i < values; i++) {
      int start = MemoryUtil.getInt(offsets + 4L * i);
      if (start < end && isContinuation(data + start)) {
        return false;
      }
    }
    return isUtf8(from, to);
  }

  private static boolean isAscii(long from, long to) {
    long seen = 0;
    int words = (int) ((to - from) >>> 3); // an int, because such a loop is unrolled
    for (int i = 0; i < words; i++) {
      seen |= MemoryUtil.getLong(from + 8L * i);
    }
    for (long at = from + 8L * words; at < to; at++) {
      seen |= MemoryUtil.getByte(at);
    }
    return (seen & HIGH_BITS) == 0;
  }

  private static boolean isUtf8(long from, long to) {
    long at = from;
    while (at < to) {
      if (to - at >= 8 && (MemoryUtil.getLong(at) & HIGH_BITS) == 0) {
        at += 8;
        continue;
      }
      int length = length(at, to);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  /** Of the character at the address; 0 if there is none. Unicode 15, table 3-7. */
  private static int length(long at, long to) {
    int first = MemoryUtil.getByte(at) & 0xff;
    if (first < 0x80) {
      return 1;
    }
    int length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length == 0 || to - at < length) {
      return 0;
    }
    int second = MemoryUtil.getByte(at + 1) & 0xff;
    int lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < lowest || second > highest) {
      return 0;
    }
    for (int i = 2; i < length; i++) {
      if (!isContinuation(at + i)) {
        return 0;
      }
    }
    return length;
  }

  private static boolean isContinuation(long at) {
    return (MemoryUtil.getByte(at) & 0xc0) == 0x80;
  }

  private Utf8Check() {}
}
