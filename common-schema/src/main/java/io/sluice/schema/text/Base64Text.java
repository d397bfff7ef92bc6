package io.sluice.schema.text;

import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.util.MemoryUtil;

/** Bytes in standard base64 with padding (RFC 4648 section 4). */
public final class Base64Text {

  private static final byte[] ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
          .getBytes(StandardCharsets.US_ASCII);

  /** How many bytes the text of so many bytes takes. */
  public static long length(int bytes) {
    return (bytes + 2L) / 3 * 4;
  }

  /** Writes the text at the address, where {@link #length} bytes have room. */
  public static void write(byte[] source, int offset, int length, long address) {
    long to = address;
    int from = offset;
    int end = offset + length;
    for (; end - from >= 3; from += 3, to += 4) {
      int bits =
          ((source[from] & 0xff) << 16)
              | ((source[from + 1] & 0xff) << 8)
              | (source[from + 2] & 0xff);
      put(to, bits);
      MemoryUtil.putByte(to + 2, ALPHABET[(bits >>> 6) & 63]);
      MemoryUtil.putByte(to + 3, ALPHABET[bits & 63]);
    }
    if (end - from == 2) {
      int bits = ((source[from] & 0xff) << 16) | ((source[from + 1] & 0xff) << 8);
      put(to, bits);
      MemoryUtil.putByte(to + 2, ALPHABET[(bits >>> 6) & 63]);
      MemoryUtil.putByte(to + 3, (byte) '=');
    } else if (end - from == 1) {
      put(to, (source[from] & 0xff) << 16);
      MemoryUtil.putByte(to + 2, (byte) '=');
      MemoryUtil.putByte(to + 3, (byte) '=');
    }
  }

  private static void put(long to, int bits) {
    MemoryUtil.putByte(to, ALPHABET[bits >>> 18]);
    MemoryUtil.putByte(to + 1, ALPHABET[(bits >>> 12) & 63]);
  }

  private Base64Text() {}
}
