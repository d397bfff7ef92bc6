package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.ExemplarColumns;
import io.sluice.acceptor.columns.LongColumn;
import io.sluice.acceptor.decode.MetricTags.Exemplar;

/** opentelemetry.proto.metrics.v1.Exemplar. */
final class ExemplarDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;

  ExemplarDecoder(ProtoReader in, AttributeDecoder fields) {
    this.in = in;
    this.fields = fields;
  }

  /** Passes a field that is an Exemplar and adds it. */
  void add(ExemplarColumns out) {
    int outer = in.enter();
    long time = 0;
    int valueTag = 0;
    long value = 0;
    long spanId = 0;
    long traceId = 0;
    while (in.next()) {
      switch (in.tag) {
        case Exemplar.FILTERED_ATTRIBUTES -> fields.add(out.filteredAttributes);
        case Exemplar.TIME_UNIX_NANO -> time = in.fixed64();
        case Exemplar.AS_DOUBLE, Exemplar.AS_INT -> {
          valueTag = in.tag;
          value = in.fixed64();
        }
        case Exemplar.SPAN_ID -> spanId = in.range();
        case Exemplar.TRACE_ID -> traceId = in.range();
        default -> in.skip();
      }
    }
    int row = out.time.rows();
    out.time.add(time);
    fields.bytes(traceId, out.traceId, row);
    fields.bytes(spanId, out.spanId, row);
    if (valueTag != 0) {
      number(valueTag == Exemplar.AS_INT, value, out.value, out.valueInt, row);
    }
    fields.end(out.filteredAttributes);
    in.leave(outer);
  }

  /** A row's number that is a double or an int: an int is there as a double, too. */
  static void number(boolean isInt, long bits, LongColumn value, LongColumn valueInt, int row) {
    value.fill(row);
    if (isInt) {
      value.add(Double.doubleToRawLongBits((double) bits));
      valueInt.fill(row);
      valueInt.add(bits);
    } else {
      value.add(bits);
    }
  }
}
