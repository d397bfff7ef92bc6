package io.sluice.bench.record;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.HexFormat;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads the keys of a request's records with protobuf's own classes. */
public final class RecordKeys {

  private RecordKeys() {}

  /** Calls back with the table and the key of each record, in order. */
  public static void read(
      RunKeys keys, Signal signal, byte[] request, BiConsumer<Table, Long> found)
      throws InvalidProtocolBufferException {
    switch (signal) {
      case TRACES ->
          ExportTraceServiceRequest.parseFrom(request).getResourceSpansList().stream()
              .flatMap(group -> group.getScopeSpansList().stream())
              .flatMap(scope -> scope.getSpansList().stream())
              .map(span -> keys.ofSpan(hex(span.getTraceId()), hex(span.getSpanId())))
              .forEach(key -> found.accept(Table.TRACES, key.orElseThrow()));
      case LOGS ->
          ExportLogsServiceRequest.parseFrom(request).getResourceLogsList().stream()
              .flatMap(group -> group.getScopeLogsList().stream())
              .flatMap(scope -> scope.getLogRecordsList().stream())
              .forEach(log -> found.accept(Table.LOGS, key(keys, log.getAttributesList())));
      case METRICS ->
          ExportMetricsServiceRequest.parseFrom(request).getResourceMetricsList().stream()
              .flatMap(group -> group.getScopeMetricsList().stream())
              .flatMap(scope -> scope.getMetricsList().stream())
              .forEach(metric -> points(keys, metric, found));
      case PROFILES -> {
        ExportProfilesServiceRequest profiles = ExportProfilesServiceRequest.parseFrom(request);
        ProfilesDictionary dictionary = profiles.getDictionary();
        profiles.getResourceProfilesList().stream()
            .flatMap(group -> group.getScopeProfilesList().stream())
            .flatMap(scope -> scope.getProfilesList().stream())
            .map(profile -> dictionary.getAttributeTable(profile.getAttributeIndices(0)))
            .map(key -> dictionary.getStringTable(key.getValue().getStringValueStrindex()))
            .forEach(key -> found.accept(Table.PROFILES, keys.ofText(key).orElseThrow()));
      }
    }
  }

  private static void points(RunKeys keys, Metric metric, BiConsumer<Table, Long> found) {
    metric.getGauge().getDataPointsList().stream()
        .forEach(p -> found.accept(Table.METRICS_GAUGE, key(keys, p.getAttributesList())));
    metric.getSum().getDataPointsList().stream()
        .forEach(p -> found.accept(Table.METRICS_SUM, key(keys, p.getAttributesList())));
    metric.getHistogram().getDataPointsList().stream()
        .forEach(p -> found.accept(Table.METRICS_HISTOGRAM, key(keys, p.getAttributesList())));
    metric.getExponentialHistogram().getDataPointsList().stream()
        .forEach(
            p ->
                found.accept(
                    Table.METRICS_EXPONENTIAL_HISTOGRAM, key(keys, p.getAttributesList())));
    metric.getSummary().getDataPointsList().stream()
        .forEach(p -> found.accept(Table.METRICS_SUMMARY, key(keys, p.getAttributesList())));
  }

  private static long key(RunKeys keys, List<KeyValue> attributes) {
    return attributes.stream()
        .filter(attribute -> attribute.getKey().equals(RunKeys.ATTRIBUTE))
        .map(attribute -> keys.ofText(attribute.getValue().getStringValue()).orElseThrow())
        .findFirst()
        .orElseThrow();
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }
}
