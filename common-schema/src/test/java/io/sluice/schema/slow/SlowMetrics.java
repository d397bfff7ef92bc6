package io.sluice.schema.slow;

import com.google.protobuf.Message;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Points as wire rows. */
final class SlowMetrics {

  static List<SlowRow> rows(Table table, ExportMetricsServiceRequest request) {
    List<SlowRow> rows = new ArrayList<>();
    for (ResourceMetrics group : request.getResourceMetricsList()) {
      SlowRow resource =
          SlowGroups.resource(
              group.hasResource() ? group.getResource() : null,
              group.getSchemaUrl(),
              group.toBuilder().clearScopeMetrics().build());
      for (ScopeMetrics scoped : group.getScopeMetricsList()) {
        SlowRow scope =
            SlowGroups.scope(
                scoped.hasScope() ? scoped.getScope() : null,
                scoped.getSchemaUrl(),
                scoped.toBuilder().clearMetrics().build());
        for (Metric metric : scoped.getMetricsList()) {
          SlowRow shared = metric(metric);
          points(table, metric)
              .map(SlowPoints::row)
              .forEach(
                  row ->
                      rows.add(
                          row.with("resource", resource)
                              .with("scope", scope)
                              .with("metric", shared)));
        }
      }
    }
    return rows;
  }

  private static Stream<? extends Message> points(Table table, Metric metric) {
    return switch (table) {
      case METRICS_GAUGE -> metric.getGauge().getDataPointsList().stream();
      case METRICS_SUM -> metric.getSum().getDataPointsList().stream();
      case METRICS_HISTOGRAM -> metric.getHistogram().getDataPointsList().stream();
      case METRICS_EXPONENTIAL_HISTOGRAM ->
          metric.getExponentialHistogram().getDataPointsList().stream();
      case METRICS_SUMMARY -> metric.getSummary().getDataPointsList().stream();
      case TRACES, LOGS, PROFILES -> throw new IllegalArgumentException(table + " has no points");
    };
  }

  private static SlowRow metric(Metric metric) {
    int temporality =
        switch (metric.getDataCase()) {
          case SUM -> metric.getSum().getAggregationTemporalityValue();
          case HISTOGRAM -> metric.getHistogram().getAggregationTemporalityValue();
          case EXPONENTIAL_HISTOGRAM ->
              metric.getExponentialHistogram().getAggregationTemporalityValue();
          default -> 0;
        };
    return new SlowRow()
        .with("name", metric.getName())
        .with("description", metric.getDescription())
        .with("unit", metric.getUnit())
        .withAttributes("metadata", "metadata_types", metric.getMetadataList())
        .with("aggregation_temporality", temporality)
        .with("is_monotonic", metric.getSum().getIsMonotonic())
        .with("raw", SlowGroups.raw(withoutPoints(metric)));
  }

  private static Metric withoutPoints(Metric metric) {
    Metric.Builder builder = metric.toBuilder();
    switch (metric.getDataCase()) {
      case GAUGE -> builder.getGaugeBuilder().clearDataPoints();
      case SUM -> builder.getSumBuilder().clearDataPoints();
      case HISTOGRAM -> builder.getHistogramBuilder().clearDataPoints();
      case EXPONENTIAL_HISTOGRAM -> builder.getExponentialHistogramBuilder().clearDataPoints();
      case SUMMARY -> builder.getSummaryBuilder().clearDataPoints();
      case DATA_NOT_SET -> {}
    }
    return builder.build();
  }

  private SlowMetrics() {}
}
