package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.length;
import static io.sluice.acceptor.decode.ProtoReader.start;

import io.sluice.acceptor.columns.AttributeColumns;
import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.LongColumn;
import io.sluice.acceptor.decode.CommonTags.KeyValue;

/** opentelemetry.proto.common.v1.KeyValue, as one more entry of a map of attributes. */
final class AttributeDecoder {

  private final ProtoReader in;
  private final ValueDecoder values;

  AttributeDecoder(ProtoReader in, ValueDecoder values) {
    this.in = in;
    this.values = values;
  }

  /** Passes a field that is a KeyValue and adds it. */
  void add(AttributeColumns out) {
    int outer = in.enter();
    keyValue(out);
    in.leave(outer);
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
    in.exact &= out.addKey(in.buf, start(key), length(key));
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
    in.exact &= out.addText(in.buf, start(range), length(range));
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
