package io.sluice.acceptor.transcode;

import static io.sluice.acceptor.transcode.CommonMessages.ANY_VALUE;
import static io.sluice.acceptor.transcode.CommonMessages.KEY_VALUE;
import static io.sluice.acceptor.transcode.Scalar.FIXED32;
import static io.sluice.acceptor.transcode.Scalar.FIXED64;
import static io.sluice.acceptor.transcode.Scalar.SPAN_ID;
import static io.sluice.acceptor.transcode.Scalar.STRING;
import static io.sluice.acceptor.transcode.Scalar.TRACE_ID;
import static io.sluice.acceptor.transcode.Scalar.UINT32;

import java.util.ArrayList;
import java.util.List;

/** opentelemetry.proto.logs.v1. */
final class LogMessages {

  static final Enumeration SEVERITY_NUMBER = severities();

  static final Message LOG_RECORD =
      new Message()
          .single("timeUnixNano", 1, FIXED64)
          .single("observedTimeUnixNano", 11, FIXED64)
          .single("severityNumber", 2, SEVERITY_NUMBER)
          .single("severityText", 3, STRING)
          .single("body", 5, ANY_VALUE)
          .repeated("attributes", 6, KEY_VALUE)
          .single("droppedAttributesCount", 7, UINT32)
          .single("flags", 8, FIXED32)
          .single("traceId", 9, TRACE_ID)
          .single("spanId", 10, SPAN_ID)
          .single("eventName", 12, STRING);

  static final Message REQUEST = CommonMessages.request("Logs", "logRecords", LOG_RECORD);

  /** TRACE, TRACE2, TRACE3, TRACE4, DEBUG ... FATAL4. */
  private static Enumeration severities() {
    List<String> names = new ArrayList<>(List.of("UNSPECIFIED"));
    for (String name : List.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")) {
      names.addAll(List.of(name, name + 2, name + 3, name + 4));
    }
    return Enumeration.of("SEVERITY_NUMBER_", names.toArray(String[]::new));
  }

  private LogMessages() {}
}
