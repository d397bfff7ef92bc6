package io.sluice.bench.fuzz.mutate;

import java.io.ByteArrayOutputStream;
import java.util.List;

/** Header fields as literals that are never indexed: easy to read, and to damage. */
final class Hpack {

  private static final int LITERAL = 0x10;
  private static final int SEVEN_BITS = 0x7f;

  static byte[] encode(List<String[]> headers) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String[] header : headers) {
      out.write(LITERAL);
      text(header[0], out);
      text(header[1], out);
    }
    return out.toByteArray();
  }

  private static void text(String text, ByteArrayOutputStream out) {
    byte[] bytes = Texts.latin1(text);
    if (bytes.length < SEVEN_BITS) {
      out.write(bytes.length);
    } else {
      out.write(SEVEN_BITS);
      int rest = bytes.length - SEVEN_BITS;
      while (rest > SEVEN_BITS) {
        out.write(0x80 | (rest & SEVEN_BITS));
        rest >>>= 7;
      }
      out.write(rest);
    }
    out.writeBytes(bytes);
  }

  private Hpack() {}
}
