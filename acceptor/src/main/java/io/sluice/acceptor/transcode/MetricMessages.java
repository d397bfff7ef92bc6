package io.sluice.acceptor.transcode;

import static io.sluice.acceptor.transcode.CommonMessages.KEY_VALUE;
import static io.sluice.acceptor.transcode.Scalar.BOOL;
import static io.sluice.acceptor.transcode.Scalar.DOUBLE;
import static io.sluice.acceptor.transcode.Scalar.FIXED64;
import static io.sluice.acceptor.transcode.Scalar.SFIXED64;
import static io.sluice.acceptor.transcode.Scalar.SINT32;
import static io.sluice.acceptor.transcode.Scalar.SPAN_ID;
import static io.sluice.acceptor.transcode.Scalar.STRING;
import static io.sluice.acceptor.transcode.Scalar.TRACE_ID;
import static io.sluice.acceptor.transcode.Scalar.UINT32;
import static io.sluice.acceptor.transcode.Scalar.UINT64;

/** opentelemetry.proto.metrics.v1. */
final class MetricMessages {

  static final Enumeration AGGREGATION_TEMPORALITY =
      Enumeration.of("AGGREGATION_TEMPORALITY_", "UNSPECIFIED", "DELTA", "CUMULATIVE");

  static final Message EXEMPLAR =
      new Message()
          .repeated("filteredAttributes", 7, KEY_VALUE)
          .single("timeUnixNano", 2, FIXED64)
          .oneof("asDouble", 3, DOUBLE)
          .oneof("asInt", 6, SFIXED64)
          .single("spanId", 4, SPAN_ID)
          .single("traceId", 5, TRACE_ID);

  static final Message NUMBER_DATA_POINT =
      new Message()
          .repeated("attributes", 7, KEY_VALUE)
          .single("startTimeUnixNano", 2, FIXED64)
          .single("timeUnixNano", 3, FIXED64)
          .oneof("asDouble", 4, DOUBLE)
          .oneof("asInt", 6, SFIXED64)
          .repeated("exemplars", 5, EXEMPLAR)
          .single("flags", 8, UINT32);

  static final Message HISTOGRAM_DATA_POINT =
      new Message()
          .repeated("attributes", 9, KEY_VALUE)
          .single("startTimeUnixNano", 2, FIXED64)
          .single("timeUnixNano", 3, FIXED64)
          .single("count", 4, FIXED64)
          .optional("sum", 5, DOUBLE)
          .repeated("bucketCounts", 6, FIXED64)
          .repeated("explicitBounds", 7, DOUBLE)
          .repeated("exemplars", 8, EXEMPLAR)
          .single("flags", 10, UINT32)
          .optional("min", 11, DOUBLE)
          .optional("max", 12, DOUBLE);

  static final Message BUCKETS =
      new Message().single("offset", 1, SINT32).repeated("bucketCounts", 2, UINT64);

  static final Message EXPONENTIAL_HISTOGRAM_DATA_POINT =
      new Message()
          .repeated("attributes", 1, KEY_VALUE)
          .single("startTimeUnixNano", 2, FIXED64)
          .single("timeUnixNano", 3, FIXED64)
          .single("count", 4, FIXED64)
          .optional("sum", 5, DOUBLE)
          .single("scale", 6, SINT32)
          .single("zeroCount", 7, FIXED64)
          .single("positive", 8, BUCKETS)
          .single("negative", 9, BUCKETS)
          .single("flags", 10, UINT32)
          .repeated("exemplars", 11, EXEMPLAR)
          .optional("min", 12, DOUBLE)
          .optional("max", 13, DOUBLE)
          .single("zeroThreshold", 14, DOUBLE);

  static final Message VALUE_AT_QUANTILE =
      new Message().single("quantile", 1, DOUBLE).single("value", 2, DOUBLE);

  static final Message SUMMARY_DATA_POINT =
      new Message()
          .repeated("attributes", 7, KEY_VALUE)
          .single("startTimeUnixNano", 2, FIXED64)
          .single("timeUnixNano", 3, FIXED64)
          .single("count", 4, FIXED64)
          .single("sum", 5, DOUBLE)
          .repeated("quantileValues", 6, VALUE_AT_QUANTILE)
          .single("flags", 8, UINT32);

  static final Message METRIC =
      new Message()
          .single("name", 1, STRING)
          .single("description", 2, STRING)
          .single("unit", 3, STRING)
          .oneof("gauge", 5, points(NUMBER_DATA_POINT))
          .oneof("sum", 7, temporal(NUMBER_DATA_POINT).single("isMonotonic", 3, BOOL))
          .oneof("histogram", 9, temporal(HISTOGRAM_DATA_POINT))
          .oneof("exponentialHistogram", 10, temporal(EXPONENTIAL_HISTOGRAM_DATA_POINT))
          .oneof("summary", 11, points(SUMMARY_DATA_POINT))
          .repeated("metadata", 12, KEY_VALUE);

  static final Message REQUEST = CommonMessages.request("Metrics", "metrics", METRIC);

  private static Message points(Message point) {
    return new Message().repeated("dataPoints", 1, point);
  }

  private static Message temporal(Message point) {
    return points(point).single("aggregationTemporality", 2, AGGREGATION_TEMPORALITY);
  }

  private MetricMessages() {}
}
