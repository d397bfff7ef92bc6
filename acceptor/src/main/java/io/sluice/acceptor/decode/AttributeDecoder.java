package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.length;
import static io.sluice.acceptor.decode.ProtoReader.start;

import io.sluice.acceptor.columns.AttributeColumns;
import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.LongColumn;
import io.sluice.acceptor.decode.CommonTags.AnyValue;
import io.sluice.acceptor.decode.CommonTags.KeyValue;
import io.sluice.acceptor.decode.ProfileTags.KeyValueAndUnit;

/** opentelemetry.proto.common.v1.KeyValue, as one more entry of a map of attributes. */
final class AttributeDecoder {

  private static final int SHORTEST = 7; // a length, an empty key and an empty string

  private final ProtoReader in;
  private final ValueDecoder values;
  private final Dictionary dictionary;

  AttributeDecoder(ProtoReader in, ValueDecoder values, Dictionary dictionary) {
    this.in = in;
    this.values = values;
    this.dictionary = dictionary;
  }

  /**
   * Passes a field that is a KeyValue and adds it, and all fields of the same tag right behind it:
   * attributes come together, and then the reader need not look which field is next.
   */
  void add(AttributeColumns out) {
    int tag = in.tag;
    byte[] buf = in.buf;
    int outer = in.end;
    int at = in.pos;
    while (true) {
      int next = addShort(buf, at, outer, out);
      at = next < 0 ? addAny(at, outer, out) : next;
      if (at == outer || buf[at] != tag) {
        in.at(at, outer);
        return;
      }
      at++;
    }
  }

  private int addAny(int at, int outer, AttributeColumns out) {
    in.at(at, outer);
    in.enter();
    keyValue(out);
    return in.end;
  }

  /**
   * The same for what nearly all are: a key, then a value, each once, with lengths of one byte; and
   * most values are strings.
   *
   * @return where it ends; negative, with nothing done, for any other
   */
  private int addShort(byte[] buf, int at, int outer, AttributeColumns out) {
    if (outer - at < SHORTEST) {
      return -1;
    }
    int end = at + 1 + buf[at];
    int keyLength = buf[at + 2];
    if (end > outer || buf[at + 1] != KeyValue.KEY || keyLength < 0) {
      return -1;
    }
    int value = at + 3 + keyLength;
    if (value + 4 > end || buf[value] != KeyValue.VALUE || value + 2 + buf[value + 1] != end) {
      return -1;
    }
    if (!out.addKey(buf, at + 3, keyLength)) {
      in.exact = false;
    }
    BytesColumn values = out.values();
    int length = buf[value + 3];
    if (buf[value + 2] == AnyValue.STRING_VALUE && value + 4 + length == end) {
      if (!values.addText(buf, value + 4, length)) {
        in.exact = false;
      }
      out.endEntry(ValueDecoder.STRING);
    } else if (buf[value + 2] != AnyValue.INT_VALUE || !addInt(value + 3, end, out)) {
      in.at(value + 2, end);
      out.endEntry(this.values.decode(values));
    }
    return end;
  }

  /** False, with nothing done, if more than the varint is there. */
  private boolean addInt(int at, int end, AttributeColumns out) {
    in.at(at, end);
    long value = in.varint();
    if (!in.atEnd()) {
      return false;
    }
    out.endEntry(ValueText.integer(value, out.values().data()));
    out.values().endValue();
    return true;
  }

  private void keyValue(AttributeColumns out) {
    int from = in.pos;
    int to = in.end;
    long key = 0;
    int keyIndex = 0;
    long value = 0;
    int count = 0;
    while (in.next()) {
      switch (in.tag) {
        case KeyValue.KEY -> key = in.range();
        case KeyValue.VALUE -> {
          value = in.range();
          count++;
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
    entry(key, from, to, value, count, KeyValue.VALUE, out);
  }

  /**
   * Adds the attribute of an index of the dictionary, without its unit; none if the dictionary has
   * no such attribute, or not its key. The reader stays where it is.
   */
  void addOf(int index, AttributeColumns out) {
    long attribute = dictionary.attribute(index);
    if (attribute == Dictionary.NONE) {
      return;
    }
    int pos = in.pos;
    int end = in.end;
    in.at(start(attribute), start(attribute) + length(attribute));
    keyValueAndUnit(out);
    in.at(pos, end);
  }

  private void keyValueAndUnit(AttributeColumns out) {
    int from = in.pos;
    int to = in.end;
    int keyIndex = 0;
    long value = 0;
    int count = 0;
    while (in.next()) {
      switch (in.tag) {
        case KeyValueAndUnit.KEY_STRINDEX -> keyIndex = in.int32();
        case KeyValueAndUnit.VALUE -> {
          value = in.range();
          count++;
        }
        default -> in.pass();
      }
    }
    long key = dictionary.stringIfAny(keyIndex);
    if (key != Dictionary.NONE) {
      entry(key, from, to, value, count, KeyValueAndUnit.VALUE, out);
    }
  }

  /**
   * Adds an entry, and goes to the end of its message.
   *
   * @param value the range of the last of the {@code count} fields of this tag
   */
  private void entry(
      long key, int from, int to, long value, int count, int tag, AttributeColumns out) {
    if (!out.addKey(in.buf, start(key), length(key))) {
      in.exact = false;
    }
    byte letter;
    if (count == 1) {
      in.at(start(value), start(value) + length(value));
      letter = values.decode(out.values());
    } else if (count == 0) {
      in.exact = false; // absent is not empty
      out.values().addNull();
      letter = ValueDecoder.EMPTY;
    } else {
      letter = values.decodeMerged(from, to, tag, out.values());
    }
    out.endEntry(letter);
    in.at(to, to);
  }

  /** Ends the row of a map. */
  void end(AttributeColumns out) {
    in.exact &= out.endRow();
  }

  /** Adds a string that is a whole field: a range, 0 if it did not come. */
  void text(long range, BytesColumn out) {
    if (!out.addText(in.buf, start(range), length(range))) {
      in.exact = false;
    }
  }

  /** Adds bytes that are a whole field. */
  void bytes(long range, BytesColumn out) {
    out.add(in.buf, start(range), length(range));
  }

  /** Passes a field of packed fixed64 or double and adds its numbers. */
  void packedFixed64(LongColumn out) {
    long range = in.range();
    if (length(range) % Long.BYTES != 0) {
      throw in.malformed("the message ends inside a field", in.pos);
    }
    out.addAll(in.buf, start(range), length(range));
  }

  /** Adds the record's own bytes unless the columns give it back exactly. */
  void raw(int from, int to, BytesColumn out) {
    if (in.exact) {
      out.addNull();
    } else {
      out.add(in.buf, from, to - from);
    }
  }
}
