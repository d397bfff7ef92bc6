package io.sluice.schema.text;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * UTF-8 text as the inside of a JSON string: only the quote, the backslash and control characters
 * below U+0020 are escaped: by letter where JSON has one, else by number in lower-case hex.
 */
public final class JsonText {

  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  /** How many bytes the text at the address takes when escaped. */
  public static long escapedLength(long address, int length) {
    long escaped = length;
    int i = 0;
    while (i < length) {
      if (length - i >= 8 && isPlain(MemoryUtil.getLong(address + i))) {
        i += 8;
      } else {
        escaped += extra(MemoryUtil.getByte(address + i));
        i++;
      }
    }
    return escaped;
  }

  /** Escapes the text in place, back to front; room for {@code escapedLength} bytes is there. */
  public static void escape(long address, int length, long escapedLength) {
    long from = address + length;
    long to = address + escapedLength;
    while (to != from) { // as long as something in front of it is to be escaped
      byte b = MemoryUtil.getByte(--from);
      switch (extra(b)) {
        case 0 -> MemoryUtil.putByte(--to, b);
        case 1 -> {
          MemoryUtil.putByte(--to, letter(b));
          MemoryUtil.putByte(--to, (byte) '\\');
        }
        default -> {
          MemoryUtil.putByte(--to, HEX[b & 15]);
          MemoryUtil.putByte(--to, HEX[b >> 4]);
          MemoryUtil.putByte(--to, (byte) '0');
          MemoryUtil.putByte(--to, (byte) '0');
          MemoryUtil.putByte(--to, (byte) 'u');
          MemoryUtil.putByte(--to, (byte) '\\');
        }
      }
    }
  }

  /** True if none of eight bytes is a quote, a backslash or below 0x20 (or, harmless, maybe). */
  private static boolean isPlain(long word) {
    long quote = word ^ ONES * '"';
    long backslash = word ^ ONES * '\\';
    long below = (word - ONES * 0x20) & ~word;
    long quotes = (quote - ONES) & ~quote;
    long backslashes = (backslash - ONES) & ~backslash;
    return ((below | quotes | backslashes) & HIGH_BITS) == 0;
  }

  private static int extra(byte b) {
    if (b < 0 || b >= 0x20) {
      return b == '"' || b == '\\' ? 1 : 0;
    }
    return letter(b) == 0 ? 5 : 1;
  }

  private static byte letter(byte b) {
    return switch (b) {
      case '"', '\\' -> b;
      case '\b' -> 'b';
      case '\t' -> 't';
      case '\n' -> 'n';
      case '\f' -> 'f';
      case '\r' -> 'r';
      default -> 0;
    };
  }

  private JsonText() {}
}
