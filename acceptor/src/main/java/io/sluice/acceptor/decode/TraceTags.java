package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.I32;
import static io.sluice.acceptor.decode.ProtoReader.I64;
import static io.sluice.acceptor.decode.ProtoReader.LEN;
import static io.sluice.acceptor.decode.ProtoReader.VARINT;

/** Tags of opentelemetry.proto.trace.v1. */
final class TraceTags {

  static final class Span {
    static final int TRACE_ID = (1 << 3) | LEN;
    static final int SPAN_ID = (2 << 3) | LEN;
    static final int TRACE_STATE = (3 << 3) | LEN;
    static final int PARENT_SPAN_ID = (4 << 3) | LEN;
    static final int FLAGS = (16 << 3) | I32;
    static final int NAME = (5 << 3) | LEN;
    static final int KIND = (6 << 3) | VARINT;
    static final int START_TIME_UNIX_NANO = (7 << 3) | I64;
    static final int END_TIME_UNIX_NANO = (8 << 3) | I64;
    static final int ATTRIBUTES = (9 << 3) | LEN;
    static final int DROPPED_ATTRIBUTES_COUNT = (10 << 3) | VARINT;
    static final int EVENTS = (11 << 3) | LEN;
    static final int DROPPED_EVENTS_COUNT = (12 << 3) | VARINT;
    static final int LINKS = (13 << 3) | LEN;
    static final int DROPPED_LINKS_COUNT = (14 << 3) | VARINT;
    static final int STATUS = (15 << 3) | LEN;

    private Span() {}
  }

  static final class Event {
    static final int TIME_UNIX_NANO = (1 << 3) | I64;
    static final int NAME = (2 << 3) | LEN;
    static final int ATTRIBUTES = (3 << 3) | LEN;
    static final int DROPPED_ATTRIBUTES_COUNT = (4 << 3) | VARINT;

    private Event() {}
  }

  static final class Link {
    static final int TRACE_ID = (1 << 3) | LEN;
    static final int SPAN_ID = (2 << 3) | LEN;
    static final int TRACE_STATE = (3 << 3) | LEN;
    static final int ATTRIBUTES = (4 << 3) | LEN;
    static final int DROPPED_ATTRIBUTES_COUNT = (5 << 3) | VARINT;
    static final int FLAGS = (6 << 3) | I32;

    private Link() {}
  }

  static final class Status {
    static final int MESSAGE = (2 << 3) | LEN;
    static final int CODE = (3 << 3) | VARINT;

    private Status() {}
  }

  private TraceTags() {}
}
