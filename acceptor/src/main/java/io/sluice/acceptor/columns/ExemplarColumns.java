package io.sluice.acceptor.columns;

/** opentelemetry.proto.metrics.v1.Exemplar. */
public final class ExemplarColumns {

  public final LongColumn time;
  public final BytesColumn traceId;
  public final BytesColumn spanId;
  public final LongColumn value;
  public final LongColumn valueInt;
  public final AttributeColumns filteredAttributes;

  ExemplarColumns(StructColumn of, Shared shared) {
    time = of.longs("time_unix_nano");
    traceId = of.bytes("trace_id");
    spanId = of.bytes("span_id");
    value = of.longs("value").absentIsNull();
    valueInt = of.longs("value_int").absentIsNull();
    filteredAttributes = shared.attributes(of, "filtered_attributes", "filtered_attribute_types");
  }
}
