package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.ColumnBuffer;
import io.sluice.acceptor.decode.CommonTags.AnyValue;
import io.sluice.schema.text.Base64Text;
import io.sluice.schema.text.DoubleText;
import io.sluice.schema.text.JsonText;
import io.sluice.schema.text.LongText;
import org.apache.arrow.memory.util.MemoryUtil;

/** Writes one scalar value's text, or a piece of JSON; returns the value's type letter. */
final class ValueText {

  private static final int MOST_SHIFT = 63; // of ten bytes

  private static final int TRUE = 't' | ('r' << 8) | ('u' << 16) | ('e' << 24);
  private static final int FALSE = 'f' | ('a' << 8) | ('l' << 16) | ('s' << 24);
  private static final int NULL = 'n' | ('u' << 8) | ('l' << 16) | ('l' << 24);

  /** The letter of a type that {@link #scalar} takes, by the tag of the AnyValue; else 0. */
  static byte letter(int tag) {
    return switch (tag) {
      case AnyValue.BOOL_VALUE -> 'b';
      case AnyValue.INT_VALUE -> 'i';
      case AnyValue.DOUBLE_VALUE -> 'd';
      default -> 0;
    };
  }

  /**
   * Writes a value of which the bytes from, to are all there is, behind its tag. {@link
   * DoubleText#MAX_BYTES} have room.
   *
   * @return how many bytes it took; -1, with nothing done, if it is not of this type, or no number
   */
  static int scalar(byte letter, byte[] buf, int from, int to, long address) {
    switch (letter) {
      case 'i' -> {
        long value = buf[from] & 0x7f;
        int at = from;
        for (int shift = 7; buf[at] < 0; shift += 7) {
          if (++at == to || shift > MOST_SHIFT) {
            return -1;
          }
          value |= (long) (buf[at] & 0x7f) << shift;
        }
        return at + 1 == to ? LongText.write(value, address) : -1;
      }
      case 'b' -> {
        int value = buf[from];
        if (from + 1 != to || value >>> 1 != 0) {
          return -1;
        }
        MemoryUtil.putInt(address, value == 0 ? FALSE : TRUE);
        MemoryUtil.putByte(address + Integer.BYTES, (byte) 'e');
        return Integer.BYTES + 1 - value;
      }
      case 'd' -> {
        if (from + Double.BYTES != to) {
          return -1;
        }
        double value = Double.longBitsToDouble(MemoryUtil.getLong(buf, from));
        return Double.isFinite(value) ? DoubleText.write(value, address) : -1;
      }
      default -> {
        return -1;
      }
    }
  }

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
