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
    out.time.add(time);
    fields.bytes(traceId, out.traceId);
    fields.bytes(spanId, out.spanId);
    number(valueTag != 0, valueTag == Exemplar.AS_INT, value, out.value, out.valueInt);
    fields.end(out.filteredAttributes);
    in.leave(outer);
  }

  /** A number that is a double or an int, or not there: an int is there as a double, too. */
  static void number(
      boolean present, boolean isInt, long bits, LongColumn value, LongColumn valueInt) {
    if (!present) {
      value.addNull();
      valueInt.addNull();
    } else if (isInt) {
      value.add(Double.doubleToRawLongBits((double) bits));
      valueInt.add(bits);
    } else {
      value.add(bits);
      valueInt.addNull();
    }
  }
}
