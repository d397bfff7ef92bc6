package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.I32;
import static io.sluice.acceptor.decode.ProtoReader.I64;
import static io.sluice.acceptor.decode.ProtoReader.LEN;
import static io.sluice.acceptor.decode.ProtoReader.VARINT;

/** Tags of opentelemetry.proto.logs.v1. */
final class LogTags {

  static final class LogRecord {
    static final int TIME_UNIX_NANO = (1 << 3) | I64;
    static final int OBSERVED_TIME_UNIX_NANO = (11 << 3) | I64;
    static final int SEVERITY_NUMBER = (2 << 3) | VARINT;
    static final int SEVERITY_TEXT = (3 << 3) | LEN;
    static final int BODY = (5 << 3) | LEN;
    static final int ATTRIBUTES = (6 << 3) | LEN;
    static final int DROPPED_ATTRIBUTES_COUNT = (7 << 3) | VARINT;
    static final int FLAGS = (8 << 3) | I32;
    static final int TRACE_ID = (9 << 3) | LEN;
    static final int SPAN_ID = (10 << 3) | LEN;
    static final int EVENT_NAME = (12 << 3) | LEN;

    private LogRecord() {}
  }

  private LogTags() {}
}
