package io.sluice.bench.record;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A place in a template that differs from request to request. It is marked by eight bytes that no
 * real text has: 01 02 03 04, the kind's letter, and three times seven bits of the record's
 * ordinal.
 */
enum Slot {
  /** 16 bytes: the id of the trace whose first span has the ordinal. */
  TRACE('t', 16),
  /** 8 bytes: the id of the span with the ordinal. */
  SPAN('s', 8),
  /** fixed64: when the record with the ordinal began. */
  START('b', 8),
  /** fixed64: when it ended. */
  END('e', 8),
  /** Text: the record's key. */
  KEY('k', RunKeys.TEXT_LENGTH),
  /** Text of 8 hex digits that no two records share, for what is of high cardinality. */
  FRESH('f', 8);

  static final int MARK_LENGTH = 8;

  private final char letter;
  private final int length;

  Slot(char letter, int length) {
    this.letter = letter;
    this.length = length;
  }

  /** The mark as a string field's value. */
  String text(int ordinal) {
    return new String(mark(ordinal), StandardCharsets.US_ASCII);
  }

  /** The mark as a bytes field's value. */
  ByteString bytes(int ordinal) {
    return ByteString.copyFrom(mark(ordinal));
  }

  /** The mark as a fixed64 field's value. */
  long fixed64(int ordinal) {
    byte[] mark = mark(ordinal);
    long value = 0;
    for (int i = MARK_LENGTH - 1; i >= 0; i--) {
      value = value << 8 | mark[i];
    }
    return value;
  }

  /** The ordinal of a mark that is a fixed64 field's value. */
  static int ordinalOf(long fixed64) {
    return ordinalAt(
        ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(fixed64).array(), 0);
  }

  private byte[] mark(int ordinal) {
    byte[] mark = new byte[length];
    for (int i = 0; i < 4; i++) {
      mark[i] = (byte) (i + 1);
    }
    mark[4] = (byte) letter;
    mark[5] = (byte) (ordinal >>> 14 & 0x7f);
    mark[6] = (byte) (ordinal >>> 7 & 0x7f);
    mark[7] = (byte) (ordinal & 0x7f);
    return mark;
  }

  /** The kind of the mark that begins at the offset; null if none does. */
  static @Nullable Slot at(byte[] bytes, int offset) {
    if (offset + MARK_LENGTH > bytes.length) {
      return null;
    }
    for (int i = 0; i < 4; i++) {
      if (bytes[offset + i] != i + 1) {
        return null;
      }
    }
    for (Slot slot : values()) {
      if (bytes[offset + 4] == slot.letter) {
        return slot;
      }
    }
    return null;
  }

  static int ordinalAt(byte[] bytes, int offset) {
    return bytes[offset + 5] << 14 | bytes[offset + 6] << 7 | bytes[offset + 7];
  }
}
