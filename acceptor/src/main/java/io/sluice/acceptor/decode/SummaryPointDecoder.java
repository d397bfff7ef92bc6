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
  long point(SummaryColumns out) {
    int from = in.pos;
    long startTime = 0;
    long time = 0;
    long count = 0;
    long sum = 0;
    int flags = 0;
    in.exact = true;
    while (in.next()) {
      switch (in.tag) {
        case SummaryDataPoint.ATTRIBUTES -> fields.add(out.attributes);
        case SummaryDataPoint.START_TIME_UNIX_NANO -> startTime = in.fixed64();
        case SummaryDataPoint.TIME_UNIX_NANO -> time = in.fixed64();
        case SummaryDataPoint.COUNT -> count = in.fixed64();
        case SummaryDataPoint.SUM -> sum = in.fixed64();
        case SummaryDataPoint.QUANTILE_VALUES -> valueAtQuantile(out);
        case SummaryDataPoint.FLAGS -> flags = in.int32();
        default -> in.skip();
      }
    }
    out.startTime.add(startTime);
    out.time.add(time);
    out.flags.add(flags);
    out.count.add(count);
    out.sum.add(sum);
    out.quantileValues.endRow();
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw);
    return time;
  }

  private void valueAtQuantile(SummaryColumns out) {
    int outer = in.enter();
    long quantile = 0;
    long value = 0;
    while (in.next()) {
      switch (in.tag) {
        case ValueAtQuantile.QUANTILE -> quantile = in.fixed64();
        case ValueAtQuantile.VALUE -> value = in.fixed64();
        default -> in.skip();
      }
    }
    out.quantile.add(quantile);
    out.quantileValue.add(value);
    in.leave(outer);
  }
}
