package io.sluice.schema.table;

import static io.sluice.schema.table.Column.filled;
import static io.sluice.schema.table.Column.nullable;
import static io.sluice.schema.table.ColumnType.Primitive.INT;
import static io.sluice.schema.table.ColumnType.Primitive.LONG;
import static io.sluice.schema.table.ColumnType.Primitive.STRING;

import java.util.List;

/** What {@code logs} has of its own: opentelemetry.proto.logs.v1.LogRecord. */
final class LogColumns {

  static final List<Column> LOG_RECORD =
      List.of(
          filled("time_unix_nano", LONG, "the event's time, exact, unsigned nanos; 0 unknown"),
          filled("observed_time_unix_nano", LONG, "when it was collected, exact, unsigned nanos"),
          filled("severity_number", INT, "1-4 TRACE, 5-8 DEBUG, 9-12 INFO, 13-16 WARN, 17-24 up"),
          filled("severity_text", STRING, "severity as the source names it"),
          nullable("body", STRING, "the body as text, as attribute values are", "none, or empty"),
          nullable("body_type", STRING, "the body's type letter, as in types", "no body was sent"),
          nullable("trace_id", STRING, "lower-case hex", "empty"),
          nullable("span_id", STRING, "lower-case hex", "empty"),
          filled("flags", LONG, "W3C trace flags and OTLP's, 32 bits"),
          filled("event_name", STRING, "names the event's class; empty if it is none"));

  private LogColumns() {}
}
