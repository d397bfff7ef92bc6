package io.sluice.acceptor.decode;

import io.sluice.acceptor.decode.MetricTags.Metric;
import io.sluice.schema.table.Table;
import org.jspecify.annotations.Nullable;

/** The members of a Metric's oneof data. */
enum MetricKind {
  GAUGE(Metric.GAUGE, Table.METRICS_GAUGE, false, false),
  SUM(Metric.SUM, Table.METRICS_SUM, true, true),
  HISTOGRAM(Metric.HISTOGRAM, Table.METRICS_HISTOGRAM, true, false),
  EXPONENTIAL_HISTOGRAM(
      Metric.EXPONENTIAL_HISTOGRAM, Table.METRICS_EXPONENTIAL_HISTOGRAM, true, false),
  SUMMARY(Metric.SUMMARY, Table.METRICS_SUMMARY, false, false);

  final int tag;
  final Table table;
  final boolean temporality;
  final boolean monotonic;

  MetricKind(int tag, Table table, boolean temporality, boolean monotonic) {
    this.tag = tag;
    this.table = table;
    this.temporality = temporality;
    this.monotonic = monotonic;
  }

  static @Nullable MetricKind ofTag(int tag) {
    return switch (tag) {
      case Metric.GAUGE -> GAUGE;
      case Metric.SUM -> SUM;
      case Metric.HISTOGRAM -> HISTOGRAM;
      case Metric.EXPONENTIAL_HISTOGRAM -> EXPONENTIAL_HISTOGRAM;
      case Metric.SUMMARY -> SUMMARY;
      default -> null;
    };
  }
}
