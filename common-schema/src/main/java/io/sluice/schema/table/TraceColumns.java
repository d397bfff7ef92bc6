package io.sluice.schema.table;

import static io.sluice.schema.table.Column.filled;
import static io.sluice.schema.table.Column.list;
import static io.sluice.schema.table.Column.nullable;
import static io.sluice.schema.table.Column.struct;
import static io.sluice.schema.table.ColumnType.Primitive.LONG;
import static io.sluice.schema.table.ColumnType.Primitive.STRING;
import static io.sluice.schema.table.CommonColumns.ALL_STRINGS;
import static io.sluice.schema.table.CommonColumns.MAP;
import static io.sluice.schema.table.CommonColumns.TYPES;

import java.util.List;

/** What {@code traces} has of its own: opentelemetry.proto.trace.v1.Span. */
final class TraceColumns {

  private static final ColumnType EVENT =
      struct(
          filled("time_unix_nano", LONG, "the event's time, unsigned nanos"),
          filled("name", STRING, "the event's name"),
          filled("attributes", MAP, "the event's attributes"),
          nullable("attribute_types", STRING, TYPES, ALL_STRINGS),
          filled("dropped_attributes_count", LONG, "attributes the client dropped"));

  private static final ColumnType LINK =
      struct(
          nullable("trace_id", STRING, "the linked trace, lower-case hex", "empty"),
          nullable("span_id", STRING, "the linked span, lower-case hex", "empty"),
          filled("trace_state", STRING, "W3C trace state"),
          filled("attributes", MAP, "the link's attributes"),
          nullable("attribute_types", STRING, TYPES, ALL_STRINGS),
          filled("dropped_attributes_count", LONG, "attributes the client dropped"),
          filled("flags", LONG, "W3C trace flags and OTLP's, 32 bits"));

  static final List<Column> SPAN =
      List.of(
          nullable("trace_id", STRING, "lower-case hex", "empty"),
          nullable("span_id", STRING, "lower-case hex", "empty"),
          nullable("parent_span_id", STRING, "lower-case hex", "a root span"),
          filled("trace_state", STRING, "W3C trace state"),
          filled("flags", LONG, "W3C trace flags and OTLP's, 32 bits"),
          filled("name", STRING, "the span's name"),
          filled("kind", STRING, "UNSPECIFIED, INTERNAL, SERVER, CLIENT, PRODUCER, CONSUMER"),
          filled("start_time_unix_nano", LONG, "start, exact, unsigned nanos"),
          filled("end_time_unix_nano", LONG, "end, exact, unsigned nanos"),
          filled("duration_nano", LONG, "end minus start; negative if the end is before the start"),
          nullable("status_code", STRING, "UNSET, OK, ERROR", "no status was sent"),
          nullable("status_message", STRING, "the status' message", "no status was sent"),
          filled("events", list(EVENT), "events, in the order sent"),
          filled("links", list(LINK), "links, in the order sent"),
          filled("dropped_events_count", LONG, "events the client dropped"),
          filled("dropped_links_count", LONG, "links the client dropped"));

  private TraceColumns() {}
}
