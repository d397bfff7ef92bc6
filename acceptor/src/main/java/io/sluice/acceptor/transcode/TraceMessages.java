package io.sluice.acceptor.transcode;

import static io.sluice.acceptor.transcode.CommonMessages.KEY_VALUE;
import static io.sluice.acceptor.transcode.Scalar.FIXED32;
import static io.sluice.acceptor.transcode.Scalar.FIXED64;
import static io.sluice.acceptor.transcode.Scalar.SPAN_ID;
import static io.sluice.acceptor.transcode.Scalar.STRING;
import static io.sluice.acceptor.transcode.Scalar.TRACE_ID;
import static io.sluice.acceptor.transcode.Scalar.UINT32;

/** opentelemetry.proto.trace.v1. */
final class TraceMessages {

  static final Enumeration SPAN_KIND =
      Enumeration.of(
          "SPAN_KIND_", "UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER");

  static final Enumeration STATUS_CODE = Enumeration.of("STATUS_CODE_", "UNSET", "OK", "ERROR");

  static final Message EVENT =
      new Message()
          .single("timeUnixNano", 1, FIXED64)
          .single("name", 2, STRING)
          .repeated("attributes", 3, KEY_VALUE)
          .single("droppedAttributesCount", 4, UINT32);

  static final Message LINK =
      new Message()
          .single("traceId", 1, TRACE_ID)
          .single("spanId", 2, SPAN_ID)
          .single("traceState", 3, STRING)
          .repeated("attributes", 4, KEY_VALUE)
          .single("droppedAttributesCount", 5, UINT32)
          .single("flags", 6, FIXED32);

  static final Message STATUS =
      new Message().single("message", 2, STRING).single("code", 3, STATUS_CODE);

  static final Message SPAN =
      new Message()
          .single("traceId", 1, TRACE_ID)
          .single("spanId", 2, SPAN_ID)
          .single("traceState", 3, STRING)
          .single("parentSpanId", 4, SPAN_ID)
          .single("flags", 16, FIXED32)
          .single("name", 5, STRING)
          .single("kind", 6, SPAN_KIND)
          .single("startTimeUnixNano", 7, FIXED64)
          .single("endTimeUnixNano", 8, FIXED64)
          .repeated("attributes", 9, KEY_VALUE)
          .single("droppedAttributesCount", 10, UINT32)
          .repeated("events", 11, EVENT)
          .single("droppedEventsCount", 12, UINT32)
          .repeated("links", 13, LINK)
          .single("droppedLinksCount", 14, UINT32)
          .single("status", 15, STATUS);

  static final Message REQUEST = CommonMessages.request("Spans", "spans", SPAN);

  private TraceMessages() {}
}
