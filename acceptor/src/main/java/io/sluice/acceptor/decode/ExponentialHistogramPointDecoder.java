package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.ExponentialHistogramColumns;
import io.sluice.acceptor.columns.ExponentialHistogramColumns.BucketColumns;
import io.sluice.acceptor.decode.MetricTags.Buckets;
import io.sluice.acceptor.decode.MetricTags.ExponentialHistogramDataPoint;

/** opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint. */
final class ExponentialHistogramPointDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;
  private final ExemplarDecoder exemplars;

  ExponentialHistogramPointDecoder(
      ProtoReader in, AttributeDecoder fields, ExemplarDecoder exemplars) {
    this.in = in;
    this.fields = fields;
    this.exemplars = exemplars;
  }

  /** Adds the point the reader is in; its time. */
  long point(ExponentialHistogramColumns out) {
    int from = in.pos;
    long startTime = 0;
    long time = 0;
    long count = 0;
    boolean hasSum = false;
    long sum = 0;
    int scale = 0;
    long zeroCount = 0;
    boolean hasPositive = false;
    int positiveOffset = 0;
    boolean hasNegative = false;
    int negativeOffset = 0;
    int flags = 0;
    boolean hasMin = false;
    long min = 0;
    boolean hasMax = false;
    long max = 0;
    long zeroThreshold = 0;
    in.exact = true;
    while (in.next()) {
      switch (in.tag) {
        case ExponentialHistogramDataPoint.ATTRIBUTES -> fields.add(out.attributes);
        case ExponentialHistogramDataPoint.START_TIME_UNIX_NANO -> startTime = in.fixed64();
        case ExponentialHistogramDataPoint.TIME_UNIX_NANO -> time = in.fixed64();
        case ExponentialHistogramDataPoint.COUNT -> count = in.fixed64();
        case ExponentialHistogramDataPoint.SUM -> {
          hasSum = true;
          sum = in.fixed64();
        }
        case ExponentialHistogramDataPoint.SCALE -> scale = in.sint32();
        case ExponentialHistogramDataPoint.ZERO_COUNT -> zeroCount = in.fixed64();
        case ExponentialHistogramDataPoint.POSITIVE -> {
          hasPositive = true;
          positiveOffset = buckets(positiveOffset, out.positive);
        }
        case ExponentialHistogramDataPoint.NEGATIVE -> {
          hasNegative = true;
          negativeOffset = buckets(negativeOffset, out.negative);
        }
        case ExponentialHistogramDataPoint.FLAGS -> flags = in.int32();
        case ExponentialHistogramDataPoint.EXEMPLARS -> exemplars.add(out.exemplar);
        case ExponentialHistogramDataPoint.MIN -> {
          hasMin = true;
          min = in.fixed64();
        }
        case ExponentialHistogramDataPoint.MAX -> {
          hasMax = true;
          max = in.fixed64();
        }
        case ExponentialHistogramDataPoint.ZERO_THRESHOLD -> zeroThreshold = in.fixed64();
        default -> in.skip();
      }
    }
    out.startTime.add(startTime);
    out.time.add(time);
    out.flags.add(flags);
    out.count.add(count);
    HistogramPointDecoder.optional(hasSum, sum, out.sum);
    HistogramPointDecoder.optional(hasMin, min, out.min);
    HistogramPointDecoder.optional(hasMax, max, out.max);
    out.scale.add(scale);
    out.zeroCount.add(zeroCount);
    out.zeroThreshold.add(zeroThreshold);
    endBuckets(hasPositive, positiveOffset, out.positive);
    endBuckets(hasNegative, negativeOffset, out.negative);
    out.exemplars.endRow();
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw);
    return time;
  }

  /** Buckets, or one more part of them; the offset as it is now. */
  private int buckets(int before, BucketColumns out) {
    int outer = in.enter();
    int offset = before;
    while (in.next()) {
      switch (in.tag) {
        case Buckets.OFFSET -> offset = in.sint32();
        case Buckets.BUCKET_COUNTS -> {
          int inner = in.enter();
          while (!in.atEnd()) {
            out.bucketCount.add(in.varint());
          }
          in.leave(inner);
        }
        case Buckets.BUCKET_COUNTS_UNPACKED -> out.bucketCount.add(in.varint());
        default -> in.skip();
      }
    }
    in.leave(outer);
    return offset;
  }

  private static void endBuckets(boolean present, int offset, BucketColumns out) {
    if (present) {
      out.offset.add(offset);
      out.bucketCounts.endRow();
    } else {
      out.offset.addNull();
      out.bucketCounts.addNull();
    }
  }
}
