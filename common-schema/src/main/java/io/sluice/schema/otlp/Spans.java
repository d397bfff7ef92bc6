package io.sluice.schema.otlp;

import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.sluice.schema.rows.EnumNames;
import org.apache.arrow.vector.complex.ListVector;

/** A row of traces to its span. */
final class Spans {

  static Span span(Cells row, int i, Attributes attributes) {
    Span.Builder span =
        Span.newBuilder()
            .setTraceId(row.id("trace_id", i))
            .setSpanId(row.id("span_id", i))
            .setParentSpanId(row.id("parent_span_id", i))
            .setTraceState(row.text("trace_state", i))
            .setFlags(row.unsigned("flags", i))
            .setName(row.text("name", i))
            .setKindValue(row.enumNumber(EnumNames.SPAN_KIND, "kind", i))
            .setStartTimeUnixNano(row.number("start_time_unix_nano", i))
            .setEndTimeUnixNano(row.number("end_time_unix_nano", i))
            .addAllAttributes(attributes.of(row, "attributes", "attribute_types", i))
            .setDroppedAttributesCount(row.unsigned("dropped_attributes_count", i))
            .setDroppedEventsCount(row.unsigned("dropped_events_count", i))
            .setDroppedLinksCount(row.unsigned("dropped_links_count", i));
    if (!row.isNull("status_code", i)) {
      span.setStatus(
          Status.newBuilder()
              .setCodeValue(row.enumNumber(EnumNames.STATUS_CODE, "status_code", i))
              .setMessage(row.text("status_message", i)));
    }
    addEvents(span, row.list("events"), i, attributes);
    addLinks(span, row.list("links"), i, attributes);
    return span.build();
  }

  private static void addEvents(Span.Builder span, ListVector events, int i, Attributes maps) {
    Cells event = Cells.ofElements(events);
    for (int e = events.getElementStartIndex(i); e < events.getElementEndIndex(i); e++) {
      span.addEvents(
          Span.Event.newBuilder()
              .setTimeUnixNano(event.number("time_unix_nano", e))
              .setName(event.text("name", e))
              .addAllAttributes(maps.of(event, "attributes", "attribute_types", e))
              .setDroppedAttributesCount(event.unsigned("dropped_attributes_count", e)));
    }
  }

  private static void addLinks(Span.Builder span, ListVector links, int i, Attributes maps) {
    Cells link = Cells.ofElements(links);
    for (int e = links.getElementStartIndex(i); e < links.getElementEndIndex(i); e++) {
      span.addLinks(
          Span.Link.newBuilder()
              .setTraceId(link.id("trace_id", e))
              .setSpanId(link.id("span_id", e))
              .setTraceState(link.text("trace_state", e))
              .addAllAttributes(maps.of(link, "attributes", "attribute_types", e))
              .setDroppedAttributesCount(link.unsigned("dropped_attributes_count", e))
              .setFlags(link.unsigned("flags", e)));
    }
  }

  private Spans() {}
}
