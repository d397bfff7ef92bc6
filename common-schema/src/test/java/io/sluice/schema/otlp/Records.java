package io.sluice.schema.otlp;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * A request as a list of its records, each with what it hangs below, so that requests that group
 * equal neighbours in another way compare equal. Bytes, so that every NaN counts.
 */
final class Records {

  static List<List<ByteString>> of(ExportTraceServiceRequest request) {
    List<List<ByteString>> records = new ArrayList<>();
    request
        .getResourceSpansList()
        .forEach(
            r ->
                r.getScopeSpansList()
                    .forEach(
                        s ->
                            s.getSpansList()
                                .forEach(
                                    x ->
                                        records.add(
                                            bytes(
                                                r.toBuilder().clearScopeSpans().build(),
                                                s.toBuilder().clearSpans().build(),
                                                x)))));
    return records;
  }

  static List<List<ByteString>> of(ExportLogsServiceRequest request) {
    List<List<ByteString>> records = new ArrayList<>();
    request
        .getResourceLogsList()
        .forEach(
            r ->
                r.getScopeLogsList()
                    .forEach(
                        s ->
                            s.getLogRecordsList()
                                .forEach(
                                    x ->
                                        records.add(
                                            bytes(
                                                r.toBuilder().clearScopeLogs().build(),
                                                s.toBuilder().clearLogRecords().build(),
                                                x)))));
    return records;
  }

  /** Each with its dictionary, too. */
  static List<List<ByteString>> of(ExportProfilesServiceRequest request) {
    List<List<ByteString>> records = new ArrayList<>();
    request
        .getResourceProfilesList()
        .forEach(
            r ->
                r.getScopeProfilesList()
                    .forEach(
                        s ->
                            s.getProfilesList()
                                .forEach(
                                    x ->
                                        records.add(
                                            bytes(
                                                r.toBuilder().clearScopeProfiles().build(),
                                                s.toBuilder().clearProfiles().build(),
                                                x,
                                                request.toBuilder()
                                                    .clearResourceProfiles()
                                                    .setUnknownFields(
                                                        UnknownFieldSet.getDefaultInstance())
                                                    .build())))));
    return records;
  }

  static List<List<ByteString>> of(Table table, ExportMetricsServiceRequest request) {
    List<List<ByteString>> records = new ArrayList<>();
    request
        .getResourceMetricsList()
        .forEach(
            r ->
                r.getScopeMetricsList()
                    .forEach(
                        s ->
                            s.getMetricsList()
                                .forEach(
                                    m ->
                                        points(table, m)
                                            .forEach(
                                                x ->
                                                    records.add(
                                                        bytes(
                                                            r.toBuilder()
                                                                .clearScopeMetrics()
                                                                .build(),
                                                            s.toBuilder().clearMetrics().build(),
                                                            withoutPoints(m),
                                                            x))))));
    return records;
  }

  private static List<? extends Message> points(Table table, Metric metric) {
    return switch (table) {
      case METRICS_GAUGE -> metric.getGauge().getDataPointsList();
      case METRICS_SUM -> metric.getSum().getDataPointsList();
      case METRICS_HISTOGRAM -> metric.getHistogram().getDataPointsList();
      case METRICS_EXPONENTIAL_HISTOGRAM -> metric.getExponentialHistogram().getDataPointsList();
      case METRICS_SUMMARY -> metric.getSummary().getDataPointsList();
      case TRACES, LOGS, PROFILES -> List.of();
    };
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

  private static List<ByteString> bytes(Message... messages) {
    return List.of(messages).stream().map(Message::toByteString).toList();
  }

  private Records() {}
}
