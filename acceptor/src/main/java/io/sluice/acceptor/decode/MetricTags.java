package io.sluice.acceptor.decode;

import static io.sluice.acceptor.decode.ProtoReader.I64;
import static io.sluice.acceptor.decode.ProtoReader.LEN;
import static io.sluice.acceptor.decode.ProtoReader.VARINT;

/**
 * Tags of opentelemetry.proto.metrics.v1. Repeated scalars come packed, or one by one: those tags
 * are called UNPACKED.
 */
final class MetricTags {

  static final class Metric {
    static final int NAME = (1 << 3) | LEN;
    static final int DESCRIPTION = (2 << 3) | LEN;
    static final int UNIT = (3 << 3) | LEN;
    static final int GAUGE = (5 << 3) | LEN;
    static final int SUM = (7 << 3) | LEN;
    static final int HISTOGRAM = (9 << 3) | LEN;
    static final int EXPONENTIAL_HISTOGRAM = (10 << 3) | LEN;
    static final int SUMMARY = (11 << 3) | LEN;
    static final int METADATA = (12 << 3) | LEN;

    private Metric() {}
  }

  /** Gauge, Sum, Histogram, ExponentialHistogram and Summary: what they have, they have here. */
  static final class Points {
    static final int DATA_POINTS = (1 << 3) | LEN;
    static final int AGGREGATION_TEMPORALITY = (2 << 3) | VARINT;
    static final int IS_MONOTONIC = (3 << 3) | VARINT;

    private Points() {}
  }

  static final class NumberDataPoint {
    static final int ATTRIBUTES = (7 << 3) | LEN;
    static final int START_TIME_UNIX_NANO = (2 << 3) | I64;
    static final int TIME_UNIX_NANO = (3 << 3) | I64;
    static final int AS_DOUBLE = (4 << 3) | I64;
    static final int AS_INT = (6 << 3) | I64;
    static final int EXEMPLARS = (5 << 3) | LEN;
    static final int FLAGS = (8 << 3) | VARINT;

    private NumberDataPoint() {}
  }

  static final class HistogramDataPoint {
    static final int ATTRIBUTES = (9 << 3) | LEN;
    static final int START_TIME_UNIX_NANO = (2 << 3) | I64;
    static final int TIME_UNIX_NANO = (3 << 3) | I64;
    static final int COUNT = (4 << 3) | I64;
    static final int SUM = (5 << 3) | I64;
    static final int BUCKET_COUNTS = (6 << 3) | LEN;
    static final int BUCKET_COUNTS_UNPACKED = (6 << 3) | I64;
    static final int EXPLICIT_BOUNDS = (7 << 3) | LEN;
    static final int EXPLICIT_BOUNDS_UNPACKED = (7 << 3) | I64;
    static final int EXEMPLARS = (8 << 3) | LEN;
    static final int FLAGS = (10 << 3) | VARINT;
    static final int MIN = (11 << 3) | I64;
    static final int MAX = (12 << 3) | I64;

    private HistogramDataPoint() {}
  }

  static final class ExponentialHistogramDataPoint {
    static final int ATTRIBUTES = (1 << 3) | LEN;
    static final int START_TIME_UNIX_NANO = (2 << 3) | I64;
    static final int TIME_UNIX_NANO = (3 << 3) | I64;
    static final int COUNT = (4 << 3) | I64;
    static final int SUM = (5 << 3) | I64;
    static final int SCALE = (6 << 3) | VARINT;
    static final int ZERO_COUNT = (7 << 3) | I64;
    static final int POSITIVE = (8 << 3) | LEN;
    static final int NEGATIVE = (9 << 3) | LEN;
    static final int FLAGS = (10 << 3) | VARINT;
    static final int EXEMPLARS = (11 << 3) | LEN;
    static final int MIN = (12 << 3) | I64;
    static final int MAX = (13 << 3) | I64;
    static final int ZERO_THRESHOLD = (14 << 3) | I64;

    private ExponentialHistogramDataPoint() {}
  }

  static final class Buckets {
    static final int OFFSET = (1 << 3) | VARINT;
    static final int BUCKET_COUNTS = (2 << 3) | LEN;
    static final int BUCKET_COUNTS_UNPACKED = (2 << 3) | VARINT;

    private Buckets() {}
  }

  static final class SummaryDataPoint {
    static final int ATTRIBUTES = (7 << 3) | LEN;
    static final int START_TIME_UNIX_NANO = (2 << 3) | I64;
    static final int TIME_UNIX_NANO = (3 << 3) | I64;
    static final int COUNT = (4 << 3) | I64;
    static final int SUM = (5 << 3) | I64;
    static final int QUANTILE_VALUES = (6 << 3) | LEN;
    static final int FLAGS = (8 << 3) | VARINT;

    private SummaryDataPoint() {}
  }

  static final class ValueAtQuantile {
    static final int QUANTILE = (1 << 3) | I64;
    static final int VALUE = (2 << 3) | I64;

    private ValueAtQuantile() {}
  }

  static final class Exemplar {
    static final int FILTERED_ATTRIBUTES = (7 << 3) | LEN;
    static final int TIME_UNIX_NANO = (2 << 3) | I64;
    static final int AS_DOUBLE = (3 << 3) | I64;
    static final int AS_INT = (6 << 3) | I64;
    static final int SPAN_ID = (4 << 3) | LEN;
    static final int TRACE_ID = (5 << 3) | LEN;

    private Exemplar() {}
  }

  private MetricTags() {}
}
