package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.HistogramColumns;
import io.sluice.acceptor.columns.LongColumn;
import io.sluice.acceptor.decode.MetricTags.HistogramDataPoint;

/** opentelemetry.proto.metrics.v1.HistogramDataPoint. */
final class HistogramPointDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;
  private final ExemplarDecoder exemplars;

  HistogramPointDecoder(ProtoReader in, AttributeDecoder fields, ExemplarDecoder exemplars) {
    this.in = in;
    this.fields = fields;
    this.exemplars = exemplars;
  }

  /** Adds the point the reader is in; its time. */
  long point(HistogramColumns out, int row) {
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
    int from = in.pos;
    long startTime = 0;
    long time = 0;
    long count = 0;
    boolean hasSum = false;
    long sum = 0;
    int flags = 0;
    boolean hasMin = false;
    long min = 0;
    boolean hasMax = false;
    long max = 0;
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
        case HistogramDataPoint.ATTRIBUTES -> at = fields.add(tag, at, out.attributes);
        case HistogramDataPoint.START_TIME_UNIX_NANO -> {
          startTime = in.fixed64(at);
          at += Long.BYTES;
        }
        case HistogramDataPoint.TIME_UNIX_NANO -> {
          time = in.fixed64(at);
          at += Long.BYTES;
        }
        case HistogramDataPoint.COUNT -> {
          count = in.fixed64(at);
          at += Long.BYTES;
        }
        case HistogramDataPoint.SUM -> {
          hasSum = true;
          sum = in.fixed64(at);
          at += Long.BYTES;
        }
        case HistogramDataPoint.BUCKET_COUNTS -> {
          in.pos = at;
          fields.packedFixed64(out.bucketCount);
          at = in.pos;
        }
        case HistogramDataPoint.BUCKET_COUNTS_UNPACKED -> {
          out.bucketCount.add(in.fixed64(at));
          at += Long.BYTES;
        }
        case HistogramDataPoint.EXPLICIT_BOUNDS -> {
          in.pos = at;
          fields.packedFixed64(out.explicitBound);
          at = in.pos;
        }
        case HistogramDataPoint.EXPLICIT_BOUNDS_UNPACKED -> {
          out.explicitBound.add(in.fixed64(at));
          at += Long.BYTES;
        }
        case HistogramDataPoint.EXEMPLARS -> {
          in.pos = at;
          exemplars.add(out.exemplar);
          at = in.pos;
        }
        case HistogramDataPoint.FLAGS -> {
          in.pos = at;
          flags = in.int32();
          at = in.pos;
        }
        case HistogramDataPoint.MIN -> {
          hasMin = true;
          min = in.fixed64(at);
          at += Long.BYTES;
        }
        case HistogramDataPoint.MAX -> {
          hasMax = true;
          max = in.fixed64(at);
          at += Long.BYTES;
        }
        default -> at = in.skip(tag, at);
      }
    }
    out.startTime.add(startTime);
    out.time.add(time);
    out.flags.set(row, flags);
    out.count.add(count);
    optional(hasSum, sum, out.sum, row);
    optional(hasMin, min, out.min, row);
    optional(hasMax, max, out.max, row);
    out.bucketCounts.endRow(row);
    out.explicitBounds.endRow(row);
    out.exemplars.endRow(row);
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw, row);
    return time;
  }

  static void optional(boolean present, long bits, LongColumn out, int row) {
    if (present) {
      out.fill(row);
      out.add(bits);
    }
  }
}
