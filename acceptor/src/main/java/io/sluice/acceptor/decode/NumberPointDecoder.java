package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.NumberColumns;
import io.sluice.acceptor.decode.MetricTags.NumberDataPoint;

/** opentelemetry.proto.metrics.v1.NumberDataPoint. */
final class NumberPointDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;
  private final ExemplarDecoder exemplars;

  NumberPointDecoder(ProtoReader in, AttributeDecoder fields, ExemplarDecoder exemplars) {
    this.in = in;
    this.fields = fields;
    this.exemplars = exemplars;
  }

  /** Adds the point the reader is in; its time. */
  long point(NumberColumns out, int row) {
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
    int from = in.pos;
    long startTime = 0;
    long time = 0;
    int valueTag = 0;
    long value = 0;
    int flags = 0;
    in.exact = true;
    while (at != end) {
      int tag = buf[at];
      if (tag >= 0) {
        at++;
      } else {
        tag = in.longTag(at);
        at = in.pos;
      }
      switch (tag) {
        case NumberDataPoint.ATTRIBUTES -> at = fields.add(tag, at, out.attributes);
        case NumberDataPoint.START_TIME_UNIX_NANO -> {
          startTime = in.fixed64(at);
          at += Long.BYTES;
        }
        case NumberDataPoint.TIME_UNIX_NANO -> {
          time = in.fixed64(at);
          at += Long.BYTES;
        }
        case NumberDataPoint.AS_DOUBLE, NumberDataPoint.AS_INT -> {
          valueTag = tag;
          value = in.fixed64(at);
          at += Long.BYTES;
        }
        case NumberDataPoint.EXEMPLARS -> {
          in.pos = at;
          exemplars.add(out.exemplar);
          at = in.pos;
        }
        case NumberDataPoint.FLAGS -> {
          in.pos = at;
          flags = in.int32();
          at = in.pos;
        }
        default -> at = in.skip(tag, at);
      }
    }
    out.startTime.add(startTime);
    out.time.add(time);
    out.flags.set(row, flags);
    if (valueTag != 0) {
      boolean isInt = valueTag == NumberDataPoint.AS_INT;
      ExemplarDecoder.number(isInt, value, out.value, out.valueInt, row);
    }
    out.exemplars.endRow(row);
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw, row);
    return time;
  }
}
