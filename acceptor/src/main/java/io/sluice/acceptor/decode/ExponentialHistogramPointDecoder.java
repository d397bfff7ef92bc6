package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.ExponentialHistogramColumns;
import io.sluice.acceptor.columns.ExponentialHistogramColumns.BucketColumns;
import io.sluice.acceptor.columns.LongColumn;
import io.sluice.acceptor.decode.MetricTags.Buckets;
import io.sluice.acceptor.decode.MetricTags.ExponentialHistogramDataPoint;
import org.apache.arrow.memory.util.MemoryUtil;

/** opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint. */
final class ExponentialHistogramPointDecoder {

  /** Bytes of packed numbers that have their room made in one go. */
  private static final int STRETCH = 512;

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
  long point(ExponentialHistogramColumns out, int row) {
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
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
    while (at != end) {
      int tag = buf[at];
      if (tag >= 0) {
        at++;
      } else {
        tag = in.longTag(at);
        at = in.pos;
      }
      switch (tag) {
        case ExponentialHistogramDataPoint.ATTRIBUTES -> at = fields.add(tag, at, out.attributes);
        case ExponentialHistogramDataPoint.START_TIME_UNIX_NANO -> {
          startTime = in.fixed64(at);
          at += Long.BYTES;
        }
        case ExponentialHistogramDataPoint.TIME_UNIX_NANO -> {
          time = in.fixed64(at);
          at += Long.BYTES;
        }
        case ExponentialHistogramDataPoint.COUNT -> {
          count = in.fixed64(at);
          at += Long.BYTES;
        }
        case ExponentialHistogramDataPoint.SUM -> {
          hasSum = true;
          sum = in.fixed64(at);
          at += Long.BYTES;
        }
        case ExponentialHistogramDataPoint.SCALE -> {
          in.pos = at;
          scale = in.sint32();
          at = in.pos;
        }
        case ExponentialHistogramDataPoint.ZERO_COUNT -> {
          zeroCount = in.fixed64(at);
          at += Long.BYTES;
        }
        case ExponentialHistogramDataPoint.POSITIVE -> {
          hasPositive = true;
          in.pos = at;
          positiveOffset = buckets(positiveOffset, out.positive);
          at = in.pos;
        }
        case ExponentialHistogramDataPoint.NEGATIVE -> {
          hasNegative = true;
          in.pos = at;
          negativeOffset = buckets(negativeOffset, out.negative);
          at = in.pos;
        }
        case ExponentialHistogramDataPoint.FLAGS -> {
          in.pos = at;
          flags = in.int32();
          at = in.pos;
        }
        case ExponentialHistogramDataPoint.EXEMPLARS -> {
          in.pos = at;
          exemplars.add(out.exemplar);
          at = in.pos;
        }
        case ExponentialHistogramDataPoint.MIN -> {
          hasMin = true;
          min = in.fixed64(at);
          at += Long.BYTES;
        }
        case ExponentialHistogramDataPoint.MAX -> {
          hasMax = true;
          max = in.fixed64(at);
          at += Long.BYTES;
        }
        case ExponentialHistogramDataPoint.ZERO_THRESHOLD -> {
          zeroThreshold = in.fixed64(at);
          at += Long.BYTES;
        }
        default -> at = in.skip(tag, at);
      }
    }
    out.startTime.add(startTime);
    out.time.add(time);
    out.flags.set(row, flags);
    out.count.add(count);
    HistogramPointDecoder.optional(hasSum, sum, out.sum, row);
    HistogramPointDecoder.optional(hasMin, min, out.min, row);
    HistogramPointDecoder.optional(hasMax, max, out.max, row);
    out.scale.add(scale);
    out.zeroCount.add(zeroCount);
    out.zeroThreshold.set(row, zeroThreshold);
    if (hasPositive) {
      endBuckets(positiveOffset, out.positive, row);
    }
    if (hasNegative) {
      endBuckets(negativeOffset, out.negative, row);
    }
    out.exemplars.endRow(row);
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw, row);
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
          counts(out.bucketCount);
          in.leave(inner);
        }
        case Buckets.BUCKET_COUNTS_UNPACKED -> out.bucketCount.add(in.varint());
        default -> in.skip();
      }
    }
    in.leave(outer);
    return offset;
  }

  /** The packed numbers that the reader is at: most take one byte. */
  private void counts(LongColumn out) {
    byte[] buf = in.buf;
    int at = in.pos;
    int end = in.end;
    while (at != end) {
      int stop = Math.min(end, at + STRETCH);
      long to = out.reserve(stop - at);
      while (at < stop) {
        long count = buf[at];
        if (count >= 0) {
          at++;
        } else {
          in.pos = at;
          count = in.varint();
          at = in.pos;
        }
        MemoryUtil.putLong(to, count);
        to += Long.BYTES;
      }
      out.endAt(to);
    }
  }

  private static void endBuckets(int offset, BucketColumns out, int row) {
    out.offset.fill(row);
    out.offset.add(offset);
    out.bucketCounts.fill(row);
    out.bucketCounts.endRow();
  }
}
