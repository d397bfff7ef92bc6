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
  long point(NumberColumns out) {
    int from = in.pos;
    long startTime = 0;
    long time = 0;
    int valueTag = 0;
    long value = 0;
    int flags = 0;
    in.exact = true;
    while (in.next()) {
      switch (in.tag) {
        case NumberDataPoint.ATTRIBUTES -> fields.add(out.attributes);
        case NumberDataPoint.START_TIME_UNIX_NANO -> startTime = in.fixed64();
        case NumberDataPoint.TIME_UNIX_NANO -> time = in.fixed64();
        case NumberDataPoint.AS_DOUBLE, NumberDataPoint.AS_INT -> {
          valueTag = in.tag;
          value = in.fixed64();
        }
        case NumberDataPoint.EXEMPLARS -> exemplars.add(out.exemplar);
        case NumberDataPoint.FLAGS -> flags = in.int32();
        default -> in.skip();
      }
    }
    out.startTime.add(startTime);
    out.time.add(time);
    out.flags.add(flags);
    boolean isInt = valueTag == NumberDataPoint.AS_INT;
    ExemplarDecoder.number(valueTag != 0, isInt, value, out.value, out.valueInt);
    out.exemplars.endRow();
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw);
    return time;
  }
}
