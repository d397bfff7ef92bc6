package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.length;
import static io.sluice.acceptor.decode.ProtoReader.start;

import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.ColumnBuffer;
import io.sluice.acceptor.columns.KeySet;
import io.sluice.acceptor.decode.CommonTags.AnyValue;
import io.sluice.acceptor.decode.CommonTags.ArrayValue;
import io.sluice.acceptor.decode.CommonTags.KeyValue;
import io.sluice.acceptor.decode.CommonTags.KeyValueList;

/**
 * opentelemetry.proto.common.v1.AnyValue as text and type letter. Arrays and maps become JSON; so
 * do, as parts of it, the values inside them. Recursion is bounded by the levels allowed.
 *
 * <p>Protobuf's rules for a oneof hold: the last member counts, except that members of one message
 * type that follow each other are one message. An AnyValue, too, may consist of several fields. So
 * the general case first finds, without descending, which members count, then writes them; those
 * that do not count are written and cut off again, because malformed bytes in them must not pass.
 */
final class ValueDecoder {

  static final byte STRING = 's';
  static final byte EMPTY = 'n';

  private final ProtoReader in;
  private final KeySet keys;
  private final Dictionary dictionary;
  private final int levels;

  // What the search for members has found so far.
  private int members;
  private int lastTag;
  private int firstOfLast;

  private boolean resolved; // the string index met last stands for a string

  ValueDecoder(ProtoReader in, KeySet keys, Dictionary dictionary, int levels) {
    this.in = in;
    this.keys = keys;
    this.dictionary = dictionary;
    this.levels = levels;
  }

  /** Adds the AnyValue the reader is in as the column's next value; its type letter. */
  byte decode(BytesColumn out) {
    return end(text(1, out), out);
  }

  /** The same for an AnyValue that consists of all fields of a tag in the message from, to. */
  byte decodeMerged(int from, int to, int field, BytesColumn out) {
    return end(merged(from, to, field, 1, out), out);
  }

  /** Forgets what was in progress when a record was given up. */
  void clear() {
    keys.clear();
  }

  private static byte end(byte letter, BytesColumn out) {
    if (letter == EMPTY) {
      out.addNull();
    } else {
      out.endValue();
    }
    return letter;
  }

  /** Writes the AnyValue the reader is in: at once if it is one scalar. */
  private byte text(int level, BytesColumn out) {
    if (level > levels) {
      throw new TooDeepException();
    }
    int from = in.pos;
    if (in.next()) {
      switch (in.tag) {
        case AnyValue.STRING_VALUE -> {
          long range = in.range();
          if (in.atEnd()) {
            return string(range, level, out);
          }
        }
        case AnyValue.BOOL_VALUE -> {
          boolean value = in.varint() != 0;
          if (in.atEnd()) {
            return ValueText.bool(value, out.data());
          }
        }
        case AnyValue.INT_VALUE -> {
          long value = in.varint();
          if (in.atEnd()) {
            return ValueText.integer(value, out.data());
          }
        }
        case AnyValue.DOUBLE_VALUE -> {
          long bits = in.fixed64();
          if (in.atEnd()) {
            return number(bits, level, out);
          }
        }
        default -> {}
      }
    }
    return merged(from, in.end, 0, level, out);
  }

  /** Writes an AnyValue: this range if field is 0, else all fields of that tag in it. */
  private byte merged(int from, int to, int field, int level, BytesColumn out) {
    if (level > levels) {
      throw new TooDeepException();
    }
    find(from, to, field);
    int tag = lastTag;
    int first = firstOfLast;
    int begin = out.data().size();
    int map = keys.begin();
    in.at(from, to);
    if (field == 0) {
      write(0, first, begin, map, level, out);
    } else {
      int ordinal = 0;
      while (in.next()) {
        if (in.tag == field) {
          int outer = in.enter();
          ordinal = write(ordinal, first, begin, map, level, out);
          in.leave(outer);
        } else {
          in.pass();
        }
      }
    }
    keys.end(map);
    return close(tag, level, out.data());
  }

  private void find(int from, int to, int field) {
    members = 0;
    lastTag = 0;
    in.at(from, to);
    if (field == 0) {
      findMembers();
      return;
    }
    while (in.next()) {
      if (in.tag == field) {
        int outer = in.enter();
        findMembers();
        in.leave(outer);
      } else {
        in.pass();
      }
    }
  }

  private void findMembers() {
    while (in.next()) {
      int tag = in.tag;
      if (isMember(tag)) {
        boolean message = tag == AnyValue.ARRAY_VALUE || tag == AnyValue.KVLIST_VALUE;
        if (tag != lastTag || !message) {
          firstOfLast = members;
        }
        lastTag = tag;
        members++;
      }
      in.pass();
    }
  }

  private static boolean isMember(int tag) {
    return switch (tag) {
      case AnyValue.STRING_VALUE,
          AnyValue.BOOL_VALUE,
          AnyValue.INT_VALUE,
          AnyValue.DOUBLE_VALUE,
          AnyValue.ARRAY_VALUE,
          AnyValue.KVLIST_VALUE,
          AnyValue.BYTES_VALUE,
          AnyValue.STRING_VALUE_STRINDEX ->
          true;
      default -> false;
    };
  }

  /** Writes the members of the message the reader is in, from the one that counts on. */
  private int write(int members, int first, int begin, int map, int level, BytesColumn out) {
    int ordinal = members;
    while (in.next()) {
      int tag = in.tag;
      if (!isMember(tag)) {
        in.skip();
        continue;
      }
      if (tag == AnyValue.ARRAY_VALUE || tag == AnyValue.KVLIST_VALUE) {
        boolean array = tag == AnyValue.ARRAY_VALUE;
        if (ordinal <= first) {
          out.data().putByte((byte) (array ? '[' : '{'));
        }
        int outer = in.enter();
        if (array) {
          array(begin, level, out);
        } else {
          kvlist(begin, map, level, out);
        }
        in.leave(outer);
        if (ordinal < first) {
          keys.end(map);
          out.data().truncate(begin);
        }
      } else if (ordinal == first) {
        scalar(level, out);
      } else {
        in.pass();
      }
      ordinal++;
    }
    return ordinal;
  }

  private void scalar(int level, BytesColumn out) {
    switch (in.tag) {
      case AnyValue.STRING_VALUE -> string(in.range(), level, out);
      case AnyValue.BOOL_VALUE -> ValueText.bool(in.varint() != 0, out.data());
      case AnyValue.INT_VALUE -> ValueText.integer(in.varint(), out.data());
      case AnyValue.DOUBLE_VALUE -> number(in.fixed64(), level, out);
      case AnyValue.BYTES_VALUE -> bytes(in.range(), level, out);
      default -> stringOf(in.int32(), level, out);
    }
  }

  /** A string of the dictionary, which only profiles have: else there is no value. */
  private void stringOf(int index, int level, BytesColumn out) {
    in.exact = false;
    long range = dictionary.string(index);
    resolved = range != Dictionary.NONE;
    if (resolved) {
      string(range, level, out);
    }
  }

  private byte close(int tag, int level, ColumnBuffer out) {
    switch (tag) {
      case AnyValue.ARRAY_VALUE -> out.putByte((byte) ']');
      case AnyValue.KVLIST_VALUE -> out.putByte((byte) '}');
      case 0 -> nothing(level, out);
      case AnyValue.STRING_VALUE_STRINDEX -> {
        if (!resolved) {
          nothing(level, out);
        }
      }
      default -> {}
    }
    return switch (tag) {
      case AnyValue.STRING_VALUE -> STRING;
      case AnyValue.BOOL_VALUE -> 'b';
      case AnyValue.INT_VALUE -> 'i';
      case AnyValue.DOUBLE_VALUE -> 'd';
      case AnyValue.ARRAY_VALUE, AnyValue.KVLIST_VALUE -> 'j';
      case AnyValue.BYTES_VALUE -> 'y';
      case AnyValue.STRING_VALUE_STRINDEX -> resolved ? STRING : EMPTY;
      default -> EMPTY;
    };
  }

  private static void nothing(int level, ColumnBuffer out) {
    if (level > 1) {
      ValueText.nothing(out);
    }
  }

  private byte string(long range, int level, BytesColumn out) {
    boolean valid =
        level == 1
            ? out.appendText(in.buf, start(range), length(range))
            : ValueText.quoted(in.buf, start(range), length(range), out);
    if (!valid) {
      in.exact = false;
    }
    return STRING;
  }

  private byte number(long bits, int level, BytesColumn out) {
    double value = Double.longBitsToDouble(bits);
    boolean finite = Double.isFinite(value);
    in.exact &= finite || (level == 1 && bits == Double.doubleToLongBits(value));
    return ValueText.number(value, level > 1 && !finite, out.data());
  }

  private void bytes(long range, int level, BytesColumn out) {
    in.exact &= level == 1;
    ValueText.base64(in.buf, start(range), length(range), level > 1, out.data());
  }

  /** ArrayValue, or one more part of it. */
  private void array(int begin, int level, BytesColumn out) {
    while (in.next()) {
      if (in.tag == ArrayValue.VALUES) {
        ValueText.comma(begin, out.data());
        int outer = in.enter();
        text(level + 1, out);
        in.leave(outer);
      } else {
        in.skip();
      }
    }
  }

  /** KeyValueList, or one more part of it. */
  private void kvlist(int begin, int map, int level, BytesColumn out) {
    while (in.next()) {
      if (in.tag == KeyValueList.VALUES) {
        ValueText.comma(begin, out.data());
        int outer = in.enter();
        keyValue(map, level, out);
        in.leave(outer);
      } else {
        in.skip();
      }
    }
  }

  private void keyValue(int map, int level, BytesColumn out) {
    int from = in.pos;
    long key = 0;
    int keyIndex = 0;
    long value = 0;
    int values = 0;
    while (in.next()) {
      switch (in.tag) {
        case KeyValue.KEY -> key = in.range();
        case KeyValue.VALUE -> {
          value = in.range();
          values++;
        }
        case KeyValue.KEY_STRINDEX -> {
          keyIndex = in.int32();
          in.exact = false;
        }
        default -> in.skip();
      }
    }
    if (length(key) == 0) {
      key = dictionary.orElse(keyIndex, key);
    }
    int start = out.data().size() + 1;
    in.exact &= ValueText.quoted(in.buf, start(key), length(key), out);
    in.exact &= keys.add(map, out.data(), start, out.data().size() - 1 - start) < 0;
    out.data().putByte((byte) ':');
    int to = in.end;
    if (values == 1) {
      in.at(start(value), start(value) + length(value));
      text(level + 1, out);
    } else if (values == 0) {
      in.exact = false; // absent is not empty
      ValueText.nothing(out.data());
    } else {
      merged(from, to, KeyValue.VALUE, level + 1, out);
    }
    in.at(to, to);
  }
}
