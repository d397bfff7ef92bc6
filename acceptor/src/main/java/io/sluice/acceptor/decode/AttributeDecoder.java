package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.length;
import static io.sluice.acceptor.decode.ProtoReader.start;

import io.sluice.acceptor.columns.AttributeColumns;
import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.LongColumn;
import io.sluice.acceptor.decode.CommonTags.AnyValue;
import io.sluice.acceptor.decode.CommonTags.KeyValue;

/** opentelemetry.proto.common.v1.KeyValue, as one more entry of a map of attributes. */
final class AttributeDecoder {

  private static final int SHORTEST = 7; // a length, an empty key and an empty string

  private final ProtoReader in;
  private final ValueDecoder values;

  AttributeDecoder(ProtoReader in, ValueDecoder values) {
    this.in = in;
    this.values = values;
  }

  /** Passes a field that is a KeyValue and adds it. */
  void add(AttributeColumns out) {
    if (addShort(out)) {
      return;
    }
    int outer = in.enter();
    keyValue(out);
    in.leave(outer);
  }

  /**
   * The same for what nearly all are: a key, then a value, each once, with lengths of one byte; and
   * most values are strings. False, with nothing done, for any other.
   */
  private boolean addShort(AttributeColumns out) {
    byte[] buf = in.buf;
    int at = in.pos;
    int outer = in.end;
    if (outer - at < SHORTEST) {
      return false;
    }
    int end = at + 1 + buf[at];
    int keyLength = buf[at + 2];
    if (end > outer || buf[at + 1] != KeyValue.KEY || keyLength < 0) {
      return false;
    }
    int value = at + 3 + keyLength;
    if (value + 4 > end || buf[value] != KeyValue.VALUE || value + 2 + buf[value + 1] != end) {
      return false;
    }
    if (!out.addKey(buf, at + 3, keyLength)) {
      in.exact = false;
    }
    int length = buf[value + 3];
    if (buf[value + 2] == AnyValue.STRING_VALUE && value + 4 + length == end) {
      if (!out.values().addText(buf, value + 4, length)) {
        in.exact = false;
      }
      out.endEntry(ValueDecoder.STRING);
    } else {
      in.at(value + 2, end);
      out.endEntry(values.decode(out.values()));
    }
    in.at(end, outer);
    return true;
  }

  private void keyValue(AttributeColumns out) {
    int from = in.pos;
    int to = in.end;
    long key = 0;
    long value = 0;
    int count = 0;
    while (in.next()) {
      switch (in.tag) {
        case KeyValue.KEY -> key = in.range();
        case KeyValue.VALUE -> {
          value = in.range();
          count++;
        }
        default -> in.skip(); // a key's index, too
      }
    }
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
      letter = values.decodeMerged(from, to, KeyValue.VALUE, out.values());
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
