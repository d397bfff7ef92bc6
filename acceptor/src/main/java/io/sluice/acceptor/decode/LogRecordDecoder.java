package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.length;
import static io.sluice.acceptor.decode.ProtoReader.start;

import io.sluice.acceptor.columns.LogRecordColumns;
import io.sluice.acceptor.columns.WireColumns;
import io.sluice.acceptor.decode.LogTags.LogRecord;
import io.sluice.schema.table.Table;

/** opentelemetry.proto.logs.v1.LogRecord: one row of logs each. */
final class LogRecordDecoder implements RecordDecoder {

  private final ProtoReader in;
  private final AttributeDecoder fields;
  private final ValueDecoder values;
  private final Parts parts;
  private final TableRows rows;
  private long made; // of the record at hand

  LogRecordDecoder(ProtoReader in, AttributeDecoder fields, ValueDecoder values, Parts parts) {
    this.in = in;
    this.fields = fields;
    this.values = values;
    this.parts = parts;
    this.rows = parts.rows(Table.LOGS);
  }

  @Override
  public void record(boolean rejected) {
    int to = in.end;
    WireColumns columns = rows.next();
    int row = columns.rows();
    boolean whole = true;
    boolean identified = false;
    try {
      identified = logRecord((LogRecordColumns) columns.records(), row);
    } catch (TooDeepException e) {
      values.clear();
      in.at(to, to);
      whole = false;
    }
    if (whole && !rejected) {
      rows.made(made);
      rows.added(identified);
    } else {
      columns.truncate(row);
      parts.rejected();
    }
  }

  private boolean logRecord(LogRecordColumns out, int row) {
    int at = in.pos;
    int end = in.end;
    byte[] buf = in.buf;
    int from = in.pos;
    long time = 0;
    long observedTime = 0;
    int severityNumber = 0;
    long severityText = 0;
    long body = 0;
    int bodies = 0;
    int dropped = 0;
    int flags = 0;
    long traceId = 0;
    long spanId = 0;
    long eventName = 0;
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
        case LogRecord.TIME_UNIX_NANO -> {
          time = in.fixed64(at);
          at += Long.BYTES;
        }
        case LogRecord.OBSERVED_TIME_UNIX_NANO -> {
          observedTime = in.fixed64(at);
          at += Long.BYTES;
        }
        case LogRecord.SEVERITY_NUMBER -> {
          in.pos = at;
          severityNumber = in.int32();
          at = in.pos;
        }
        case LogRecord.SEVERITY_TEXT -> {
          severityText = in.range(at);
          at = ProtoReader.behind(severityText);
        }
        case LogRecord.BODY -> {
          body = in.range(at);
          at = ProtoReader.behind(body);
          bodies++;
        }
        case LogRecord.ATTRIBUTES -> at = fields.add(tag, at, out.attributes);
        case LogRecord.DROPPED_ATTRIBUTES_COUNT -> {
          in.pos = at;
          dropped = in.int32();
          at = in.pos;
        }
        case LogRecord.FLAGS -> {
          in.pos = at;
          flags = in.fixed32();
          at = in.pos;
        }
        case LogRecord.TRACE_ID -> {
          traceId = in.range(at);
          at = ProtoReader.behind(traceId);
        }
        case LogRecord.SPAN_ID -> {
          spanId = in.range(at);
          at = ProtoReader.behind(spanId);
        }
        case LogRecord.EVENT_NAME -> {
          eventName = in.range(at);
          at = ProtoReader.behind(eventName);
        }
        default -> at = in.skip(tag, at);
      }
    }
    made = time == 0 ? observedTime : time;
    out.time.add(time);
    out.observedTime.add(observedTime);
    out.severityNumber.add(severityNumber);
    fields.text(severityText, out.severityText);
    if (bodies > 0) {
      body(from, body, bodies, out, row);
    }
    fields.bytes(traceId, out.traceId, row);
    fields.bytes(spanId, out.spanId, row);
    out.flags.set(row, flags);
    fields.text(eventName, out.eventName, row);
    out.droppedAttributesCount.set(row, dropped);
    fields.end(out.attributes);
    fields.raw(from, in.end, out.raw, row);
    return Ids.isSet(in.buf, traceId) || Ids.isFine(time) || Ids.isFine(observedTime);
  }

  private void body(int from, long body, int bodies, LogRecordColumns out, int row) {
    out.body.fill(row);
    out.bodyType.fill(row);
    int to = in.end;
    byte letter;
    if (bodies == 1) {
      in.at(start(body), start(body) + length(body));
      letter = values.decode(out.body);
    } else {
      letter = values.decodeMerged(from, to, LogRecord.BODY, out.body);
    }
    in.at(to, to);
    out.bodyType.data().putByte(letter);
    out.bodyType.endValue();
  }
}
