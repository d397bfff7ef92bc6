package io.sluice.acceptor.columns;

/** opentelemetry.proto.trace.v1.Span. */
public final class SpanColumns implements RecordColumns {

  public final BytesColumn traceId;
  public final BytesColumn spanId;
  public final BytesColumn parentSpanId;
  public final BytesColumn traceState;
  public final IntColumn flags;
  public final BytesColumn name;
  public final IntColumn kind;
  public final LongColumn startTime;
  public final LongColumn endTime;
  public final IntColumn statusCode;
  public final BytesColumn statusMessage;
  public final ListColumn events;
  public final EventColumns event;
  public final ListColumn links;
  public final LinkColumns link;
  public final IntColumn droppedAttributesCount;
  public final IntColumn droppedEventsCount;
  public final IntColumn droppedLinksCount;
  public final AttributeColumns attributes;
  public final BytesColumn raw;

  SpanColumns(StructColumn of, Shared shared) {
    traceId = of.bytes("trace_id");
    spanId = of.bytes("span_id");
    parentSpanId = of.bytes("parent_span_id");
    traceState = of.bytes("trace_state");
    flags = of.ints("flags");
    name = of.bytes("name");
    kind = of.ints("kind");
    startTime = of.longs("start_time_unix_nano");
    endTime = of.longs("end_time_unix_nano");
    statusCode = of.ints("status_code").absentIsNull();
    statusMessage = of.bytes("status_message").absentIsNull();
    events = of.list("events");
    event = new EventColumns(events.structs(), shared);
    links = of.list("links");
    link = new LinkColumns(links.structs(), shared);
    droppedAttributesCount = of.ints("dropped_attributes_count");
    droppedEventsCount = of.ints("dropped_events_count");
    droppedLinksCount = of.ints("dropped_links_count");
    attributes = shared.attributes(of);
    raw = of.bytes("raw").absentIsNull();
  }

  /** opentelemetry.proto.trace.v1.Span.Event. */
  public static final class EventColumns {

    public final LongColumn time;
    public final BytesColumn name;
    public final AttributeColumns attributes;
    public final IntColumn droppedAttributesCount;

    EventColumns(StructColumn of, Shared shared) {
      time = of.longs("time_unix_nano");
      name = of.bytes("name");
      attributes = shared.attributes(of);
      droppedAttributesCount = of.ints("dropped_attributes_count");
    }
  }

  /** opentelemetry.proto.trace.v1.Span.Link. */
  public static final class LinkColumns {

    public final BytesColumn traceId;
    public final BytesColumn spanId;
    public final BytesColumn traceState;
    public final AttributeColumns attributes;
    public final IntColumn droppedAttributesCount;
    public final IntColumn flags;

    LinkColumns(StructColumn of, Shared shared) {
      traceId = of.bytes("trace_id");
      spanId = of.bytes("span_id");
      traceState = of.bytes("trace_state");
      attributes = shared.attributes(of);
      droppedAttributesCount = of.ints("dropped_attributes_count");
      flags = of.ints("flags");
    }
  }
}
