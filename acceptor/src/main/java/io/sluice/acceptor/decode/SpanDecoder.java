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
      identified = span((SpanColumns) columns.records(), row);
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

  private boolean span(SpanColumns out, int row) {
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
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
    while (at != end) {
      int tag = buf[at];
      if (tag >= 0) {
        at++;
      } else {
        tag = in.longTag(at);
        at = in.pos;
      }
      switch (tag) {
        case Span.TRACE_ID -> {
          traceId = in.range(at);
          at = ProtoReader.behind(traceId);
        }
        case Span.SPAN_ID -> {
          spanId = in.range(at);
          at = ProtoReader.behind(spanId);
        }
        case Span.TRACE_STATE -> {
          traceState = in.range(at);
          at = ProtoReader.behind(traceState);
        }
        case Span.PARENT_SPAN_ID -> {
          parentSpanId = in.range(at);
          at = ProtoReader.behind(parentSpanId);
        }
        case Span.FLAGS -> {
          in.pos = at;
          flags = in.fixed32();
          at = in.pos;
        }
        case Span.NAME -> {
          name = in.range(at);
          at = ProtoReader.behind(name);
        }
        case Span.KIND -> {
          in.pos = at;
          kind = in.int32();
          at = in.pos;
        }
        case Span.START_TIME_UNIX_NANO -> {
          startTime = in.fixed64(at);
          at += Long.BYTES;
        }
        case Span.END_TIME_UNIX_NANO -> {
          endTime = in.fixed64(at);
          at += Long.BYTES;
        }
        case Span.ATTRIBUTES -> at = fields.add(tag, at, out.attributes);
        case Span.DROPPED_ATTRIBUTES_COUNT -> {
          in.pos = at;
          droppedAttributes = in.int32();
          at = in.pos;
        }
        case Span.EVENTS -> at = event(at, out.event);
        case Span.DROPPED_EVENTS_COUNT -> {
          in.pos = at;
          droppedEvents = in.int32();
          at = in.pos;
        }
        case Span.LINKS -> at = link(at, out.link);
        case Span.DROPPED_LINKS_COUNT -> {
          in.pos = at;
          droppedLinks = in.int32();
          at = in.pos;
        }
        case Span.STATUS -> {
          in.pos = at;
          status();
          at = in.pos;
        }
        default -> at = in.skip(tag, at);
      }
    }
    fields.bytes(traceId, out.traceId);
    fields.bytes(spanId, out.spanId);
    fields.bytes(parentSpanId, out.parentSpanId, row);
    fields.text(traceState, out.traceState, row);
    out.flags.add(flags);
    fields.text(name, out.name);
    out.kind.add(kind);
    out.startTime.add(startTime);
    out.endTime.add(endTime);
    if (hasStatus) {
      status(out, row);
    }
    out.events.endRow(row);
    out.links.endRow(row);
    out.droppedAttributesCount.set(row, droppedAttributes);
    out.droppedEventsCount.set(row, droppedEvents);
    out.droppedLinksCount.set(row, droppedLinks);
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw, row);
    return Ids.isSet(in.buf, spanId);
  }

  private int event(int from, SpanColumns.EventColumns out) {
    in.pos = from;
    int outer = in.enter();
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
    long time = 0;
    long name = 0;
    int dropped = 0;
    while (at != end) {
      int tag = buf[at];
      if (tag >= 0) {
        at++;
      } else {
        tag = in.longTag(at);
        at = in.pos;
      }
      switch (tag) {
        case Event.TIME_UNIX_NANO -> {
          time = in.fixed64(at);
          at += Long.BYTES;
        }
        case Event.NAME -> {
          name = in.range(at);
          at = ProtoReader.behind(name);
        }
        case Event.ATTRIBUTES -> at = fields.add(tag, at, out.attributes);
        case Event.DROPPED_ATTRIBUTES_COUNT -> {
          in.pos = at;
          dropped = in.int32();
          at = in.pos;
        }
        default -> at = in.skip(tag, at);
      }
    }
    int row = out.time.rows();
    out.time.add(time);
    fields.text(name, out.name);
    fields.end(out.attributes);
    out.droppedAttributesCount.set(row, dropped);
    in.leave(outer);
    return in.pos;
  }

  private int link(int from, SpanColumns.LinkColumns out) {
    in.pos = from;
    int outer = in.enter();
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
    long traceId = 0;
    long spanId = 0;
    long traceState = 0;
    int dropped = 0;
    int flags = 0;
    while (at != end) {
      int tag = buf[at];
      if (tag >= 0) {
        at++;
      } else {
        tag = in.longTag(at);
        at = in.pos;
      }
      switch (tag) {
        case Link.TRACE_ID -> {
          traceId = in.range(at);
          at = ProtoReader.behind(traceId);
        }
        case Link.SPAN_ID -> {
          spanId = in.range(at);
          at = ProtoReader.behind(spanId);
        }
        case Link.TRACE_STATE -> {
          traceState = in.range(at);
          at = ProtoReader.behind(traceState);
        }
        case Link.ATTRIBUTES -> at = fields.add(tag, at, out.attributes);
        case Link.DROPPED_ATTRIBUTES_COUNT -> {
          in.pos = at;
          dropped = in.int32();
          at = in.pos;
        }
        case Link.FLAGS -> {
          in.pos = at;
          flags = in.fixed32();
          at = in.pos;
        }
        default -> at = in.skip(tag, at);
      }
    }
    int row = out.traceId.rows();
    fields.bytes(traceId, out.traceId);
    fields.bytes(spanId, out.spanId);
    fields.text(traceState, out.traceState, row);
    fields.end(out.attributes);
    out.droppedAttributesCount.set(row, dropped);
    out.flags.set(row, flags);
    in.leave(outer);
    return in.pos;
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

  private void status(SpanColumns out, int row) {
    out.statusCode.fill(row);
    out.statusCode.add(statusCode);
    out.statusMessage.fill(row);
    fields.text(statusMessage, out.statusMessage);
  }
}
