package io.sluice.acceptor.decode;

import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A cursor over protobuf's wire format. It never leaves the message it is in: every length and
 * every scalar is checked against the end of the enclosing message, which {@link #enter} narrows
 * and {@link #leave} restores. One thread owns it.
 */
final class ProtoReader {

  static final int VARINT = 0;
  static final int I64 = 1;
  static final int LEN = 2;
  static final int I32 = 5;

  private static final int START_GROUP = 3;
  private static final int END_GROUP = 4;
  private static final int MAX_GROUPS = 100;
  private static final int MAX_VARINT_BITS = 70;

  byte[] buf = new byte[0];

  /** The next byte, and the end of the message it is in. */
  int pos;

  int end;

  /** Number and wire type of the field that {@link #next} came to. */
  int tag;

  /** False once something was met that columns cannot give back, such as an unknown field. */
  boolean exact;

  private int base;

  void open(byte[] bytes, int offset, int length) {
    buf = bytes;
    base = offset;
    at(offset, offset + length);
  }

  /** Goes to the start of a message read before. */
  void at(int from, int to) {
    pos = from;
    end = to;
  }

  boolean atEnd() {
    return pos == end;
  }

  /** Reads the next field's tag; its value must be read or skipped. False at the message's end. */
  boolean next() {
    int at = pos;
    if (at == end) {
      return false;
    }
    int first = buf[at];
    if (first >= 0) {
      tag = first;
      pos = at + 1;
    } else {
      tag = (int) longVarint();
    }
    return true;
  }

  /** Passes the tag at this place, which has more bytes than one, and goes behind it. */
  int longTag(int at) {
    pos = at;
    tag = (int) longVarint();
    return tag;
  }

  long varint() {
    int at = pos;
    if (at < end) {
      int first = buf[at];
      if (first >= 0) {
        pos = at + 1;
        return first;
      }
      if (at + 1 < end && buf[at + 1] >= 0) { // most lengths of records
        pos = at + 2;
        return (first & 0x7f) | buf[at + 1] << 7;
      }
    }
    return longVarint();
  }

  int int32() {
    return (int) varint();
  }

  int sint32() {
    int encoded = (int) varint();
    return (encoded >>> 1) ^ -(encoded & 1);
  }

  long fixed64() {
    int at = pos;
    if (end - at < Long.BYTES) {
      throw malformed("the message ends inside a field", at);
    }
    pos = at + Long.BYTES;
    return MemoryUtil.getLong(buf, at);
  }

  /** The same at another place of the message, of which the caller keeps track. */
  long fixed64(int at) {
    if (end - at < Long.BYTES) {
      throw malformed("the message ends inside a field", at);
    }
    return MemoryUtil.getLong(buf, at);
  }

  int fixed32() {
    int at = pos;
    if (end - at < Integer.BYTES) {
      throw malformed("the message ends inside a field", at);
    }
    pos = at + Integer.BYTES;
    return MemoryUtil.getInt(buf, at);
  }

  /**
   * Passes a string, bytes or message; {@link #start} and {@link #length} take the result apart.
   */
  long range() {
    int length = length();
    int at = pos;
    pos = at + length;
    return ((long) at << 32) | length;
  }

  /** The same at another place of the message, of which the caller keeps track. */
  long range(int at) {
    if (at < end) {
      int length = buf[at];
      if (length >= 0 && length < end - at) {
        return (at + 1L) << 32 | length;
      }
    }
    pos = at;
    return range();
  }

  /** Where what is behind a range begins. */
  static int behind(long range) {
    return start(range) + length(range);
  }

  static int start(long range) {
    return (int) (range >>> 32);
  }

  static int length(long range) {
    return (int) range;
  }

  /** Goes into the nested message; what it returns is for {@link #leave}. */
  int enter() {
    int length = length();
    int outer = end;
    end = pos + length;
    return outer;
  }

  /** Goes on behind the nested message. */
  void leave(int outer) {
    pos = end;
    end = outer;
  }

  /** Passes a field that is unknown, or known with another wire type: columns do not have it. */
  void skip() {
    exact = false;
    pass();
  }

  /** The same for the field of this tag with its value at this place; returns what is behind. */
  int skip(int of, int at) {
    exact = false;
    tag = of;
    pos = at;
    pass();
    return pos;
  }

  /** Passes a field that somebody else reads. */
  void pass() {
    pass(tag, 0);
  }

  MalformedRequestException malformed(String what, int at) {
    return new MalformedRequestException(what, at - base);
  }

  private int length() {
    int at = pos;
    int length = (int) varint();
    if (length < 0 || length > end - pos) {
      throw malformed("length " + Integer.toUnsignedString(length) + " overruns its message", at);
    }
    return length;
  }

  private void pass(int of, int groups) {
    if (of >>> 3 == 0) {
      throw malformed("field number 0", pos);
    }
    switch (of & 7) {
      case VARINT -> varint();
      case I64 -> fixed64();
      case LEN -> range();
      case START_GROUP -> skipGroup(of, groups + 1);
      case END_GROUP -> throw malformed("an end of a group that did not begin", pos);
      case I32 -> fixed32();
      default -> throw malformed("wire type " + (of & 7) + " does not exist", pos);
    }
  }

  private void skipGroup(int group, int groups) {
    int at = pos;
    if (groups > MAX_GROUPS) {
      throw malformed("groups nested deeper than " + MAX_GROUPS, at);
    }
    while (next()) {
      int inner = tag;
      if ((inner & 7) == END_GROUP) {
        if (inner >>> 3 != group >>> 3) {
          throw malformed("the end of another group than the one that began", pos);
        }
        tag = group;
        return;
      }
      pass(inner, groups);
    }
    throw malformed("the message ends inside a group", at);
  }

  private long longVarint() {
    int at = pos;
    long value = 0;
    for (int shift = 0; shift < MAX_VARINT_BITS; shift += 7) {
      if (at == end) {
        throw malformed("the message ends inside a field", pos);
      }
      int b = buf[at++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        pos = at;
        return value;
      }
    }
    throw malformed("a varint of more than 10 bytes", pos);
  }
}
