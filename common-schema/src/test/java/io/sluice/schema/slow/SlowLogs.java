package io.sluice.schema.slow;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import java.util.ArrayList;
import java.util.List;

/** Log records as wire rows. */
final class SlowLogs {

  static List<SlowRow> rows(ExportLogsServiceRequest request) {
    List<SlowRow> rows = new ArrayList<>();
    for (ResourceLogs group : request.getResourceLogsList()) {
      SlowRow resource =
          SlowGroups.resource(
              group.hasResource() ? group.getResource() : null,
              group.getSchemaUrl(),
              group.toBuilder().clearScopeLogs().build());
      for (ScopeLogs scoped : group.getScopeLogsList()) {
        SlowRow scope =
            SlowGroups.scope(
                scoped.hasScope() ? scoped.getScope() : null,
                scoped.getSchemaUrl(),
                scoped.toBuilder().clearLogRecords().build());
        for (LogRecord record : scoped.getLogRecordsList()) {
          rows.add(row(record).with("resource", resource).with("scope", scope));
        }
      }
    }
    return rows;
  }

  private static SlowRow row(LogRecord record) {
    return new SlowRow()
        .with("time_unix_nano", record.getTimeUnixNano())
        .with("observed_time_unix_nano", record.getObservedTimeUnixNano())
        .with("severity_number", record.getSeverityNumberValue())
        .with("severity_text", record.getSeverityText())
        .with("body", record.hasBody() ? SlowText.text(record.getBody()) : null)
        .with(
            "body_type",
            record.hasBody() ? String.valueOf(SlowText.letter(record.getBody())) : null)
        .with("trace_id", record.getTraceId())
        .with("span_id", record.getSpanId())
        .with("flags", record.getFlags())
        .with("event_name", record.getEventName())
        .with("dropped_attributes_count", record.getDroppedAttributesCount())
        .withAttributes("attributes", "attribute_types", record.getAttributesList())
        .with("raw", SlowGroups.raw(record));
  }

  private SlowLogs() {}
}
