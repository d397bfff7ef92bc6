package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.SummaryColumns;
import io.sluice.acceptor.decode.MetricTags.SummaryDataPoint;
import io.sluice.acceptor.decode.MetricTags.ValueAtQuantile;

/** opentelemetry.proto.metrics.v1.SummaryDataPoint. */
final class SummaryPointDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;

  SummaryPointDecoder(ProtoReader in, AttributeDecoder fields) {
    this.in = in;
    this.fields = fields;
  }

  /** Adds the point the reader is in; its time. */
  long point(SummaryColumns out, int row) {
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
    int from = in.pos;
    long startTime = 0;
    long time = 0;
    long count = 0;
    long sum = 0;
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
        case SummaryDataPoint.ATTRIBUTES -> at = fields.add(tag, at, out.attributes);
        case SummaryDataPoint.START_TIME_UNIX_NANO -> {
          startTime = in.fixed64(at);
          at += Long.BYTES;
        }
        case SummaryDataPoint.TIME_UNIX_NANO -> {
          time = in.fixed64(at);
          at += Long.BYTES;
        }
        case SummaryDataPoint.COUNT -> {
          count = in.fixed64(at);
          at += Long.BYTES;
        }
        case SummaryDataPoint.SUM -> {
          sum = in.fixed64(at);
          at += Long.BYTES;
        }
        case SummaryDataPoint.QUANTILE_VALUES -> at = valueAtQuantile(at, out);
        case SummaryDataPoint.FLAGS -> {
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
    out.count.add(count);
    out.sum.add(sum);
    out.quantileValues.endRow(row);
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw, row);
    return time;
  }

  private int valueAtQuantile(int from, SummaryColumns out) {
    in.pos = from;
    int outer = in.enter();
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
    long quantile = 0;
    long value = 0;
    while (at != end) {
      int tag = buf[at];
      if (tag >= 0) {
        at++;
      } else {
        tag = in.longTag(at);
        at = in.pos;
      }
      switch (tag) {
        case ValueAtQuantile.QUANTILE -> {
          quantile = in.fixed64(at);
          at += Long.BYTES;
        }
        case ValueAtQuantile.VALUE -> {
          value = in.fixed64(at);
          at += Long.BYTES;
        }
        default -> at = in.skip(tag, at);
      }
    }
    out.quantile.add(quantile);
    out.quantileValue.add(value);
    in.leave(outer);
    return in.pos;
  }
}
