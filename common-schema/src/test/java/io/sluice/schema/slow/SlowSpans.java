package io.sluice.schema.slow;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;

/** Spans as wire rows. */
final class SlowSpans {

  static List<SlowRow> rows(ExportTraceServiceRequest request) {
    List<SlowRow> rows = new ArrayList<>();
    for (ResourceSpans group : request.getResourceSpansList()) {
      SlowRow resource =
          SlowGroups.resource(
              group.hasResource() ? group.getResource() : null,
              group.getSchemaUrl(),
              group.toBuilder().clearScopeSpans().build());
      for (ScopeSpans scoped : group.getScopeSpansList()) {
        SlowRow scope =
            SlowGroups.scope(
                scoped.hasScope() ? scoped.getScope() : null,
                scoped.getSchemaUrl(),
                scoped.toBuilder().clearSpans().build());
        for (Span span : scoped.getSpansList()) {
          rows.add(row(span).with("resource", resource).with("scope", scope));
        }
      }
    }
    return rows;
  }

  private static SlowRow row(Span span) {
    return new SlowRow()
        .with("trace_id", span.getTraceId())
        .with("span_id", span.getSpanId())
        .with("parent_span_id", span.getParentSpanId())
        .with("trace_state", span.getTraceState())
        .with("flags", span.getFlags())
        .with("name", span.getName())
        .with("kind", span.getKindValue())
        .with("start_time_unix_nano", span.getStartTimeUnixNano())
        .with("end_time_unix_nano", span.getEndTimeUnixNano())
        .with("status_code", span.hasStatus() ? span.getStatus().getCodeValue() : null)
        .with("status_message", span.hasStatus() ? span.getStatus().getMessage() : null)
        .with("events", span.getEventsList().stream().map(SlowSpans::event).toList())
        .with("links", span.getLinksList().stream().map(SlowSpans::link).toList())
        .with("dropped_attributes_count", span.getDroppedAttributesCount())
        .with("dropped_events_count", span.getDroppedEventsCount())
        .with("dropped_links_count", span.getDroppedLinksCount())
        .withAttributes("attributes", "attribute_types", span.getAttributesList())
        .with("raw", SlowGroups.raw(span));
  }

  private static SlowRow event(Span.Event event) {
    return new SlowRow()
        .with("time_unix_nano", event.getTimeUnixNano())
        .with("name", event.getName())
        .withAttributes("attributes", "attribute_types", event.getAttributesList())
        .with("dropped_attributes_count", event.getDroppedAttributesCount());
  }

  private static SlowRow link(Span.Link link) {
    return new SlowRow()
        .with("trace_id", link.getTraceId())
        .with("span_id", link.getSpanId())
        .with("trace_state", link.getTraceState())
        .withAttributes("attributes", "attribute_types", link.getAttributesList())
        .with("dropped_attributes_count", link.getDroppedAttributesCount())
        .with("flags", link.getFlags());
  }

  private SlowSpans() {}
}
