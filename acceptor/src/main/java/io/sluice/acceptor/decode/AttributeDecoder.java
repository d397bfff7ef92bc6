package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.length;
import static io.sluice.acceptor.decode.ProtoReader.start;

import io.sluice.acceptor.columns.AttributeColumns;
import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.LongColumn;
import io.sluice.acceptor.decode.CommonTags.AnyValue;
import io.sluice.acceptor.decode.CommonTags.KeyValue;
import io.sluice.acceptor.decode.ProfileTags.KeyValueAndUnit;
import io.sluice.schema.text.Utf8Text;
import org.apache.arrow.memory.util.MemoryUtil;

/** opentelemetry.proto.common.v1.KeyValue, as one more entry of a map of attributes. */
final class AttributeDecoder {

  /** A tag and a length, an empty key and an empty string. */
  private static final int SHORTEST = 8;

  /** Attributes within so many bytes have their room made in one go. */
  private static final int STRETCH = 4_096;

  /** Readable bytes behind what is read word by word. */
  private static final int SLACK = 16;

  /** The first bytes of a short KeyValue: its length, the key's tag, the key's length. */
  private static final long SHORT_MASK = 0x80ff80;

  private static final long SHORT = KeyValue.KEY << 8;

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
    in.pos = add(in.tag, in.pos, out);
  }

  /** The same for a field of this tag with its value at this place; returns what is behind. */
  int add(int tag, int from, AttributeColumns out) {
    byte[] buf = in.buf;
    int outer = in.end;
    int at = from;
    while (true) {
      int next = addShort(buf, at, outer, tag, out);
      at = next < 0 ? addAny(~next, outer, out) : next;
      if (at == outer || buf[at] != tag) {
        in.at(at, outer);
        return at;
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
   * The same for as many as are what nearly all are: a key, then a value, each once, with lengths
   * of one byte, and the value a string, an integer, a boolean or a double. Where they go is in
   * local variables meanwhile.
   *
   * @return where they end; the complement of where one begins that is another
   */
  private int addShort(byte[] buf, int from, int outer, int tag, AttributeColumns out) {
    int stop = Math.min(Math.min(outer, buf.length - SLACK), from + STRETCH);
    int room = stop - from;
    if (room < SHORTEST - 1) {
      return ~from;
    }
    BytesColumn values = out.values();
    int most = room / SHORTEST + 1;
    long end = values.reserveEnds(most);
    long letter = out.reserveLetters(most);
    long to = values.data().reserve(2 * room); // digits take up to twice the room of a varint
    long base = values.data().address();
    int at = from;
    int count = 0;
    boolean others = false;
    int result;
    while (true) {
      long head = MemoryUtil.getLong(buf, at);
      int next = at + 1 + (int) (head & 0x7f);
      int keyLength = (int) (head >>> 16) & 0x7f;
      int value = at + 3 + keyLength;
      int length = next - value - 2; // of the AnyValue
      if ((head & SHORT_MASK) != SHORT || next > stop || length < 2) {
        result = ~at;
        break;
      }
      int word = MemoryUtil.getInt(buf, value);
      if ((word & 0xffff) != (KeyValue.VALUE | length << 8)) {
        result = ~at;
        break;
      }
      int text = -1;
      byte kind = ValueDecoder.STRING;
      if (word >>> 16 == (AnyValue.STRING_VALUE | (length - 2) << 8)) {
        if (Utf8Text.copy(buf, value + 4, length - 2, to)) {
          text = length - 2;
        }
      } else {
        kind = ValueText.letter(buf[value + 2]);
        text = ValueText.scalar(kind, buf, value + 3, next, to);
      }
      if (text < 0) {
        result = ~at;
        break;
      }
      if (!out.addKey(buf, at + 3, keyLength)) {
        in.exact = false;
      }
      to += text;
      others |= kind != ValueDecoder.STRING;
      MemoryUtil.putInt(end, (int) (to - base));
      end += Integer.BYTES;
      MemoryUtil.putByte(letter + count, kind);
      count++;
      if (next >= stop || buf[next] != tag) {
        result = next;
        break;
      }
      at = next + 1;
    }
    if (count > 0) {
      out.endEntries(count, to, others);
    }
    return result;
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

  /** The same for the value of a row: nothing, which the column has by itself, if it is empty. */
  void text(long range, BytesColumn out, int row) {
    if (length(range) != 0) {
      out.fill(row);
      text(range, out);
    }
  }

  /** Adds bytes that are a whole field. */
  void bytes(long range, BytesColumn out) {
    out.add(in.buf, start(range), length(range));
  }

  /** The same for the value of a row. */
  void bytes(long range, BytesColumn out, int row) {
    if (length(range) != 0) {
      out.fill(row);
      bytes(range, out);
    }
  }

  /** Passes a field of packed fixed64 or double and adds its numbers. */
  void packedFixed64(LongColumn out) {
    long range = in.range();
    if (length(range) % Long.BYTES != 0) {
      throw in.malformed("the message ends inside a field", in.pos);
    }
    out.addAll(in.buf, start(range), length(range));
  }

  /** Adds the row's record's own bytes unless the columns give it back exactly. */
  void raw(int from, int to, BytesColumn out, int row) {
    if (!in.exact) {
      out.fill(row);
      out.add(in.buf, from, to - from);
    }
  }
}
