package io.sluice.acceptor.transcode;

import java.util.Arrays;

/**
 * Bytes as JSON has them: hex digits for ids, base64 for all others. What is written is never
 * behind what is still to be read, so that both may be in one array.
 */
final class Digits {

  private static final byte[] HEX = new byte[256];
  private static final byte[] BASE64 = new byte[256]; // of both alphabets

  static {
    Arrays.fill(HEX, (byte) -1);
    Arrays.fill(BASE64, (byte) -1);
    for (int i = 0; i < 10; i++) {
      HEX['0' + i] = (byte) i;
      BASE64['0' + i] = (byte) (52 + i);
    }
    for (int i = 0; i < 6; i++) {
      HEX['a' + i] = (byte) (10 + i);
      HEX['A' + i] = (byte) (10 + i);
    }
    for (int i = 0; i < 26; i++) {
      BASE64['A' + i] = (byte) i;
      BASE64['a' + i] = (byte) (26 + i);
    }
    BASE64['+'] = BASE64['-'] = 62;
    BASE64['/'] = BASE64['_'] = 63;
  }

  /** Writes an id of so many bytes, or none; its length. */
  static int hex(Literal in, int bytes, byte[] out, int offset) {
    int length = in.to - in.from;
    if (length != 0 && length != 2 * bytes) {
      throw notHex(bytes);
    }
    int next = offset;
    for (int at = in.from; at < in.to; at += 2) {
      int high = HEX[in.buf[at] & 0xff];
      int low = HEX[in.buf[at + 1] & 0xff];
      if ((high | low) < 0) {
        throw notHex(bytes);
      }
      out[next++] = (byte) (high << 4 | low);
    }
    return next - offset;
  }

  /** Writes bytes of either alphabet, padded or not; how many. */
  static int base64(Literal in, byte[] out, int offset) {
    int end = in.to;
    while (end > in.from && in.to - end < 2 && in.buf[end - 1] == '=') {
      end--;
    }
    boolean padded = end < in.to;
    if ((end - in.from) % 4 == 1 || (padded && (in.to - in.from) % 4 != 0)) {
      throw new ValueException("not base64: its length is wrong");
    }
    int next = offset;
    int bits = 0;
    int count = 0;
    for (int at = in.from; at < end; at++) {
      int six = BASE64[in.buf[at] & 0xff];
      if (six < 0) {
        throw new ValueException("not base64: a character that is none of it");
      }
      bits = bits << 6 | six;
      count += 6;
      if (count >= 8) {
        count -= 8;
        out[next++] = (byte) (bits >>> count);
      }
    }
    return next - offset;
  }

  private static ValueException notHex(int bytes) {
    return new ValueException("not %d hex digits".formatted(2 * bytes));
  }

  private Digits() {}
}
