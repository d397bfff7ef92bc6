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
  long point(HistogramColumns out) {
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
    while (in.next()) {
      switch (in.tag) {
        case HistogramDataPoint.ATTRIBUTES -> fields.add(out.attributes);
        case HistogramDataPoint.START_TIME_UNIX_NANO -> startTime = in.fixed64();
        case HistogramDataPoint.TIME_UNIX_NANO -> time = in.fixed64();
        case HistogramDataPoint.COUNT -> count = in.fixed64();
        case HistogramDataPoint.SUM -> {
          hasSum = true;
          sum = in.fixed64();
        }
        case HistogramDataPoint.BUCKET_COUNTS -> fields.packedFixed64(out.bucketCount);
        case HistogramDataPoint.BUCKET_COUNTS_UNPACKED -> out.bucketCount.add(in.fixed64());
        case HistogramDataPoint.EXPLICIT_BOUNDS -> fields.packedFixed64(out.explicitBound);
        case HistogramDataPoint.EXPLICIT_BOUNDS_UNPACKED -> out.explicitBound.add(in.fixed64());
        case HistogramDataPoint.EXEMPLARS -> exemplars.add(out.exemplar);
        case HistogramDataPoint.FLAGS -> flags = in.int32();
        case HistogramDataPoint.MIN -> {
          hasMin = true;
          min = in.fixed64();
        }
        case HistogramDataPoint.MAX -> {
          hasMax = true;
          max = in.fixed64();
        }
        default -> in.skip();
      }
    }
    out.startTime.add(startTime);
    out.time.add(time);
    out.flags.add(flags);
    out.count.add(count);
    optional(hasSum, sum, out.sum);
    optional(hasMin, min, out.min);
    optional(hasMax, max, out.max);
    out.bucketCounts.endRow();
    out.explicitBounds.endRow();
    out.exemplars.endRow();
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw);
    return time;
  }

  static void optional(boolean present, long bits, LongColumn out) {
    if (present) {
      out.add(bits);
    } else {
      out.addNull();
    }
  }
}
