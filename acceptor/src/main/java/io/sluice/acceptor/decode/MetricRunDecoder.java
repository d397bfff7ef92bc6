package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.ColumnBuffer;
import io.sluice.acceptor.columns.MetricColumns;
import io.sluice.acceptor.decode.MetricTags.Metric;
import io.sluice.acceptor.decode.MetricTags.Points;
import org.jspecify.annotations.Nullable;

/** opentelemetry.proto.metrics.v1.Metric without its points: what stands once for a run of them. */
final class MetricRunDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;

  private int temporality;
  private boolean monotonic;

  MetricRunDecoder(ProtoReader in, AttributeDecoder fields) {
    this.in = in;
    this.fields = fields;
  }

  /**
   * Adds the metric from, to.
   *
   * @param first which of its data members is the first that counts
   * @return how many bytes it adds to each of its points when rows are plain
   */
  long metric(int from, int to, int first, MetricColumns out) {
    long name = 0;
    long description = 0;
    long unit = 0;
    long metadata = 0;
    int member = 0;
    temporality = 0;
    monotonic = false;
    in.exact = true;
    in.at(from, to);
    while (in.next()) {
      switch (in.tag) {
        case Metric.NAME -> name = in.range();
        case Metric.DESCRIPTION -> description = in.range();
        case Metric.UNIT -> unit = in.range();
        case Metric.GAUGE,
            Metric.SUM,
            Metric.HISTOGRAM,
            Metric.EXPONENTIAL_HISTOGRAM,
            Metric.SUMMARY ->
            data(MetricKind.ofTag(in.tag), member++ >= first);
        case Metric.METADATA -> {
          int before = in.pos;
          fields.add(out.metadata);
          metadata += in.pos - before;
        }
        default -> in.skip();
      }
    }
    fields.text(name, out.name);
    fields.text(description, out.description);
    fields.text(unit, out.unit);
    fields.end(out.metadata);
    if (out.aggregationTemporality != null) {
      out.aggregationTemporality.add(temporality);
    }
    if (out.isMonotonic != null) {
      out.isMonotonic.add(monotonic);
    }
    int raw = raw(from, to, out.raw);
    return metadata
        + raw
        + ProtoReader.length(name)
        + ProtoReader.length(description)
        + ProtoReader.length(unit);
  }

  /** Gauge, Sum ..., without their points. */
  private void data(@Nullable MetricKind kind, boolean counts) {
    int outer = in.enter();
    while (in.next()) {
      if (in.tag == Points.DATA_POINTS) {
        in.range();
      } else if (in.tag == Points.AGGREGATION_TEMPORALITY && kind != null && kind.temporality) {
        int value = in.int32();
        temporality = counts ? value : temporality;
      } else if (in.tag == Points.IS_MONOTONIC && kind != null && kind.monotonic) {
        boolean value = in.varint() != 0;
        monotonic = counts ? value : monotonic;
      } else {
        in.skip();
      }
    }
    in.leave(outer);
  }

  /** Adds the metric's bytes, its data members without points, unless the columns are exact. */
  private int raw(int from, int to, BytesColumn out) {
    if (in.exact) {
      out.addNull();
      return 0;
    }
    int start = out.data().size();
    int field = from;
    in.at(from, to);
    while (in.next()) {
      if (MetricKind.ofTag(in.tag) == null) {
        in.pass();
        BytesColumn.append(out.data(), in.buf, field, in.pos - field);
      } else {
        BytesColumn.append(out.data(), in.buf, field, in.pos - field); // the tag
        int outer = in.enter();
        putVarint(withoutPoints(in.pos, in.end, null), out.data());
        withoutPoints(in.pos, in.end, out.data());
        in.leave(outer);
      }
      field = in.pos;
    }
    out.endValue();
    return out.start() - start;
  }

  /** Bytes of all fields from, to but points; writes them, too, if there is an out. */
  private int withoutPoints(int from, int to, @Nullable ColumnBuffer out) {
    int bytes = 0;
    int field = from;
    in.at(from, to);
    while (in.next()) {
      int tag = in.tag;
      in.pass();
      if (tag != Points.DATA_POINTS) {
        bytes += in.pos - field;
        if (out != null) {
          BytesColumn.append(out, in.buf, field, in.pos - field);
        }
      }
      field = in.pos;
    }
    in.at(from, to);
    return bytes;
  }

  private static void putVarint(int value, ColumnBuffer out) {
    int rest = value;
    while (rest > 0x7f) {
      out.putByte((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.putByte((byte) rest);
  }
}
