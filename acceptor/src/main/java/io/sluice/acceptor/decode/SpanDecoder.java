package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.SpanColumns;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.acceptor.decode.TraceTags.Event;
import io.sluice.acceptor.decode.TraceTags.Link;
import io.sluice.acceptor.decode.TraceTags.Span;
import io.sluice.acceptor.decode.TraceTags.Status;
import io.sluice.schema.table.Table;

/** opentelemetry.proto.trace.v1.Span: one row of traces each. */
final class SpanDecoder implements RecordDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;
  private final ValueDecoder values;
  private final Parts parts;
  private final TableRows rows;

  private boolean hasStatus;
  private int statusCode;
  private long statusMessage;

  SpanDecoder(ProtoReader in, AttributeDecoder fields, ValueDecoder values, Parts parts) {
    this.in = in;
    this.fields = fields;
    this.values = values;
    this.parts = parts;
    this.rows = parts.rows(Table.TRACES);
  }

  @Override
  public void record(boolean rejected) {
    int to = in.end;
    WireColumns columns = rows.next();
    int row = columns.rows();
    boolean whole = true;
    boolean identified = false;
    try {
      identified = span((SpanColumns) columns.records());
    } catch (TooDeepException e) {
      values.clear();
      in.at(to, to);
      whole = false;
    }
    if (whole && !rejected) {
      rows.added(identified);
    } else {
      columns.truncate(row);
      parts.rejected();
    }
  }

  private boolean span(SpanColumns out) {
    int from = in.pos;
    long traceId = 0;
    long spanId = 0;
    long traceState = 0;
    long parentSpanId = 0;
    int flags = 0;
    long name = 0;
    int kind = 0;
    long startTime = 0;
    long endTime = 0;
    int droppedAttributes = 0;
    int droppedEvents = 0;
    int droppedLinks = 0;
    hasStatus = false;
    in.exact = true;
    while (in.next()) {
      switch (in.tag) {
        case Span.TRACE_ID -> traceId = in.range();
        case Span.SPAN_ID -> spanId = in.range();
        case Span.TRACE_STATE -> traceState = in.range();
        case Span.PARENT_SPAN_ID -> parentSpanId = in.range();
        case Span.FLAGS -> flags = in.fixed32();
        case Span.NAME -> name = in.range();
        case Span.KIND -> kind = in.int32();
        case Span.START_TIME_UNIX_NANO -> startTime = in.fixed64();
        case Span.END_TIME_UNIX_NANO -> endTime = in.fixed64();
        case Span.ATTRIBUTES -> fields.add(out.attributes);
        case Span.DROPPED_ATTRIBUTES_COUNT -> droppedAttributes = in.int32();
        case Span.EVENTS -> event(out.event);
        case Span.DROPPED_EVENTS_COUNT -> droppedEvents = in.int32();
        case Span.LINKS -> link(out.link);
        case Span.DROPPED_LINKS_COUNT -> droppedLinks = in.int32();
        case Span.STATUS -> status();
        default -> in.skip();
      }
    }
    fields.bytes(traceId, out.traceId);
    fields.bytes(spanId, out.spanId);
    fields.bytes(parentSpanId, out.parentSpanId);
    fields.text(traceState, out.traceState);
    out.flags.add(flags);
    fields.text(name, out.name);
    out.kind.add(kind);
    out.startTime.add(startTime);
    out.endTime.add(endTime);
    endStatus(out);
    out.events.endRow();
    out.links.endRow();
    out.droppedAttributesCount.add(droppedAttributes);
    out.droppedEventsCount.add(droppedEvents);
    out.droppedLinksCount.add(droppedLinks);
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw);
    return Ids.isSet(in.buf, spanId);
  }

  private void event(SpanColumns.EventColumns out) {
    int outer = in.enter();
    long time = 0;
    long name = 0;
    int dropped = 0;
    while (in.next()) {
      switch (in.tag) {
        case Event.TIME_UNIX_NANO -> time = in.fixed64();
        case Event.NAME -> name = in.range();
        case Event.ATTRIBUTES -> fields.add(out.attributes);
        case Event.DROPPED_ATTRIBUTES_COUNT -> dropped = in.int32();
        default -> in.skip();
      }
    }
    out.time.add(time);
    fields.text(name, out.name);
    fields.end(out.attributes);
    out.droppedAttributesCount.add(dropped);
    in.leave(outer);
  }

  private void link(SpanColumns.LinkColumns out) {
    int outer = in.enter();
    long traceId = 0;
    long spanId = 0;
    long traceState = 0;
    int dropped = 0;
    int flags = 0;
    while (in.next()) {
      switch (in.tag) {
        case Link.TRACE_ID -> traceId = in.range();
        case Link.SPAN_ID -> spanId = in.range();
        case Link.TRACE_STATE -> traceState = in.range();
        case Link.ATTRIBUTES -> fields.add(out.attributes);
        case Link.DROPPED_ATTRIBUTES_COUNT -> dropped = in.int32();
        case Link.FLAGS -> flags = in.fixed32();
        default -> in.skip();
      }
    }
    fields.bytes(traceId, out.traceId);
    fields.bytes(spanId, out.spanId);
    fields.text(traceState, out.traceState);
    fields.end(out.attributes);
    out.droppedAttributesCount.add(dropped);
    out.flags.add(flags);
    in.leave(outer);
  }

  /** Status; if it comes again, its fields that come again count. */
  private void status() {
    int outer = in.enter();
    if (!hasStatus) {
      hasStatus = true;
      statusCode = 0;
      statusMessage = 0;
    }
    while (in.next()) {
      switch (in.tag) {
        case Status.MESSAGE -> statusMessage = in.range();
        case Status.CODE -> statusCode = in.int32();
        default -> in.skip();
      }
    }
    in.leave(outer);
  }

  private void endStatus(SpanColumns out) {
    if (hasStatus) {
      out.statusCode.add(statusCode);
      fields.text(statusMessage, out.statusMessage);
    } else {
      out.statusCode.addNull();
      out.statusMessage.addNull();
    }
  }
}
