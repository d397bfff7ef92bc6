package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.ColumnBuffer;
import io.sluice.schema.text.Base64Text;
import io.sluice.schema.text.DoubleText;
import io.sluice.schema.text.JsonText;
import io.sluice.schema.text.LongText;
import org.apache.arrow.memory.util.MemoryUtil;

/** Writes one scalar value's text, or a piece of JSON; returns the value's type letter. */
final class ValueText {

  private static final int TRUE = 't' | ('r' << 8) | ('u' << 16) | ('e' << 24);
  private static final int FALSE = 'f' | ('a' << 8) | ('l' << 16) | ('s' << 24);
  private static final int NULL = 'n' | ('u' << 8) | ('l' << 16) | ('l' << 24);

  static byte integer(long value, ColumnBuffer out) {
    out.advance(LongText.write(value, out.reserve(LongText.MAX_BYTES)));
    return 'i';
  }

  static byte bool(boolean value, ColumnBuffer out) {
    MemoryUtil.putInt(out.reserve(Integer.BYTES), value ? TRUE : FALSE);
    out.advance(Integer.BYTES);
    if (!value) {
      out.putByte((byte) 'e');
    }
    return 'b';
  }

  static void nothing(ColumnBuffer out) {
    MemoryUtil.putInt(out.reserve(Integer.BYTES), NULL);
    out.advance(Integer.BYTES);
  }

  static byte number(double value, boolean quoted, ColumnBuffer out) {
    if (quoted) {
      out.putByte((byte) '"');
    }
    out.advance(DoubleText.write(value, out.reserve(DoubleText.MAX_BYTES)));
    if (quoted) {
      out.putByte((byte) '"');
    }
    return 'd';
  }

  static void base64(byte[] source, int offset, int length, boolean quoted, ColumnBuffer out) {
    if (quoted) {
      out.putByte((byte) '"');
    }
    int written = (int) Base64Text.length(length); // an array's 2^31 bytes would not have come here
    Base64Text.write(source, offset, length, out.reserve(written));
    out.advance(written);
    if (quoted) {
      out.putByte((byte) '"');
    }
  }

  /** A JSON string; false if the source is not UTF-8. */
  static boolean quoted(byte[] source, int offset, int length, BytesColumn out) {
    ColumnBuffer data = out.data();
    data.putByte((byte) '"');
    int start = data.size();
    boolean valid = out.appendText(source, offset, length);
    int plain = data.size() - start;
    long escaped = JsonText.escapedLength(data.address() + start, plain);
    if (escaped != plain) {
      int more = (int) Math.min(escaped - plain, Integer.MAX_VALUE);
      data.reserve(more);
      JsonText.escape(data.address() + start, plain, escaped);
      data.advance(more);
    }
    data.putByte((byte) '"');
    return valid;
  }

  /** A comma, unless what began there is still empty but for its bracket. */
  static void comma(int begin, ColumnBuffer out) {
    if (out.size() > begin + 1) {
      out.putByte((byte) ',');
    }
  }

  private ValueText() {}
}
