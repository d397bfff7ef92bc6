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
    int last = offset + length - Long.BYTES;
    long seen = 0;
    if (length >= Long.BYTES && last + Long.BYTES <= source.length) {
      seen = MemoryUtil.getLong(source, last); // overlaps the word before
      MemoryUtil.putLong(address + length - Long.BYTES, seen);
      if (length > 8) { // no loop: most texts are short, and a loop costs more to begin
        long word = MemoryUtil.getLong(source, offset);
        MemoryUtil.putLong(address, word);
        seen |= word;
      }
      if (length > 16) {
        long word = MemoryUtil.getLong(source, offset + 8);
        MemoryUtil.putLong(address + 8, word);
        seen |= word;
      }
      for (int i = 16; i < length - Long.BYTES; i += Long.BYTES) {
        long word = MemoryUtil.getLong(source, offset + i);
        MemoryUtil.putLong(address + i, word);
        seen |= word;
      }
    } else if (length == 0) {
      return true;
    } else if (offset + Long.BYTES <= source.length) {
      long word = MemoryUtil.getLong(source, offset);
      MemoryUtil.putLong(address, word);
      seen = word << ((Long.BYTES - length) << 3);
    } else {
      for (int i = 0; i < length; i++) {
        byte b = source[offset + i];
        MemoryUtil.putByte(address + i, b);
        seen |= b;
      }
    }
    return (seen & HIGH_BITS) == 0 || isValid(source, offset, length);
  }

  /** True if the bytes are UTF-8: no surrogate, no overlong form, nothing above U+10FFFF. */
  public static boolean isValid(byte[] source, int offset, int length) {
    int end = offset + length;
    if (offset < 0 || end > source.length) {
      throw new IndexOutOfBoundsException("no bytes " + offset + " to " + end);
    }
    int at = offset;
    long state = Utf8States.ACCEPT;
    while (end - at >= Long.BYTES) {
      long word = MemoryUtil.getLong(source, at);
      if ((word & HIGH_BITS) != 0) {
        state = Utf8States.next(state, word);
      } else if (!Utf8States.isAccept(state)) {
        return false; // ASCII within a sequence, or what was malformed before
      }
      at += Long.BYTES;
    }
    for (; at < end; at++) {
      state = Utf8States.next(state, source[at]);
    }
    return Utf8States.isAccept(state);
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
