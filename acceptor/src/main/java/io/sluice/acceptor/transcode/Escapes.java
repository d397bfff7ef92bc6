package io.sluice.acceptor.transcode;

/**
 * Strings of JSON as UTF-8. Half a surrogate pair, which has no UTF-8, becomes U+FFFD and is
 * counted: SDKs cut strings between the two, and over protobuf they send the same.
 */
final class Escapes {

  private static final int REPLACEMENT = 0xfffd;

  private final byte[] in;
  private final int end;
  private long replaced;

  /** For the strings in the array before the end; they are UTF-8. */
  Escapes(byte[] in, int end) {
    this.in = in;
    this.end = end;
  }

  /** Half surrogate pairs so far. */
  long replaced() {
    return replaced;
  }

  /**
   * Finds the end of a string.
   *
   * @param start the first byte behind the opening quote
   * @return the closing quote, or its complement if there are escapes before it
   */
  int quote(int start) {
    boolean escaped = false;
    int at = start;
    while (at < end && in[at] != '"') {
      if (in[at] == '\\') {
        escaped = true;
        at++;
      }
      at++;
    }
    if (at >= end) {
      throw new ValueException("the string does not end");
    }
    return escaped ? ~at : at;
  }

  /**
   * Writes the string without its escapes; it does not become longer.
   *
   * @return the end of what was written
   */
  int write(int from, int to, byte[] out, int offset) {
    int at = from;
    int next = offset;
    while (at < to) {
      byte b = in[at++];
      if (b != '\\') {
        out[next++] = b;
        continue;
      }
      byte letter = in[at++];
      if (letter != 'u') {
        out[next++] = single(letter);
        continue;
      }
      int code = hex4(at, to);
      at += 4;
      if (Character.isHighSurrogate((char) code) && isLow(at, to)) {
        code = Character.toCodePoint((char) code, (char) hex4(at + 2, to));
        at += 6;
      } else if (Character.isSurrogate((char) code)) {
        code = REPLACEMENT;
        replaced++;
      }
      next = utf8(code, out, next);
    }
    return next;
  }

  private boolean isLow(int at, int to) {
    return at + 6 <= to
        && in[at] == '\\'
        && in[at + 1] == 'u'
        && Character.isLowSurrogate((char) hex4(at + 2, to));
  }

  private static byte single(byte letter) {
    return switch (letter) {
      case '"', '\\', '/' -> letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      default -> throw new ValueException("a backslash before what it does not escape");
    };
  }

  private int hex4(int at, int to) {
    int code = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = i < to ? Character.digit(in[i], 16) : -1;
      if (digit < 0) {
        throw new ValueException("\\u without four hex digits");
      }
      code = code << 4 | digit;
    }
    return code;
  }

  private static int utf8(int code, byte[] out, int offset) {
    int next = offset;
    if (code < 0x80) {
      out[next++] = (byte) code;
    } else if (code < 0x800) {
      out[next++] = (byte) (0xc0 | (code >> 6));
      out[next++] = rest(code);
    } else if (code < 0x10000) {
      out[next++] = (byte) (0xe0 | (code >> 12));
      out[next++] = rest(code >> 6);
      out[next++] = rest(code);
    } else {
      out[next++] = (byte) (0xf0 | (code >> 18));
      out[next++] = rest(code >> 12);
      out[next++] = rest(code >> 6);
      out[next++] = rest(code);
    }
    return next;
  }

  private static byte rest(int code) {
    return (byte) (0x80 | (code & 0x3f));
  }
}
