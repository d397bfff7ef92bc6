package io.sluice.schema.otlp;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;

/** A row of logs to its log record. */
final class LogRecords {

  static LogRecord logRecord(Cells row, int i, Attributes attributes) {
    LogRecord.Builder record =
        LogRecord.newBuilder()
            .setTimeUnixNano(row.number("time_unix_nano", i))
            .setObservedTimeUnixNano(row.number("observed_time_unix_nano", i))
            .setSeverityNumberValue(row.integer("severity_number", i))
            .setSeverityText(row.text("severity_text", i))
            .setTraceId(row.id("trace_id", i))
            .setSpanId(row.id("span_id", i))
            .setFlags(row.unsigned("flags", i))
            .setEventName(row.text("event_name", i))
            .addAllAttributes(attributes.of(row, "attributes", "attribute_types", i))
            .setDroppedAttributesCount(row.unsigned("dropped_attributes_count", i));
    if (!row.isNull("body", i)) {
      String type = row.text("body_type", i);
      char letter = type.length() == 1 ? type.charAt(0) : 's';
      record.setBody(attributes.values().value(row.text("body", i), letter));
    } else if (!row.isNull("body_type", i)) {
      record.setBody(AnyValue.getDefaultInstance());
    }
    return record.build();
  }

  private LogRecords() {}
}
