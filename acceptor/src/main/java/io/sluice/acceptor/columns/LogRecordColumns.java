package io.sluice.acceptor.columns;

/** opentelemetry.proto.logs.v1.LogRecord. */
public final class LogRecordColumns implements RecordColumns {

  public final LongColumn time;
  public final LongColumn observedTime;
  public final IntColumn severityNumber;
  public final BytesColumn severityText;
  public final BytesColumn body;
  public final BytesColumn bodyType;
  public final BytesColumn traceId;
  public final BytesColumn spanId;
  public final IntColumn flags;
  public final BytesColumn eventName;
  public final IntColumn droppedAttributesCount;
  public final AttributeColumns attributes;
  public final BytesColumn raw;

  LogRecordColumns(StructColumn of, Shared shared) {
    time = of.longs("time_unix_nano");
    observedTime = of.longs("observed_time_unix_nano");
    severityNumber = of.ints("severity_number");
    severityText = of.bytes("severity_text");
    body = of.bytes("body").absentIsNull();
    bodyType = of.bytes("body_type").absentIsNull();
    traceId = of.bytes("trace_id");
    spanId = of.bytes("span_id");
    flags = of.ints("flags");
    eventName = of.bytes("event_name");
    droppedAttributesCount = of.ints("dropped_attributes_count");
    attributes = shared.attributes(of);
    raw = of.bytes("raw").absentIsNull();
  }
}
