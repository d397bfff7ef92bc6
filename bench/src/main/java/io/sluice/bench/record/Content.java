package io.sluice.bench.record;

import com.google.protobuf.MessageLite;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.function.LongConsumer;

/**
 * What is compared of a record besides its key and its time.
 *
 * @param service the resource's service.name
 * @param name the span's or the metric's; of a log record, its severity's text; of a profile, what
 *     its samples are
 */
public record Content(String service, String name) {

  /** The content of each record of a request that has its marks, by ordinal. */
  static Content[] of(Shape shape, MessageLite request) {
    Content[] all = new Content[shape.records()];
    if (request instanceof ExportTraceServiceRequest traces) {
      spans(traces, all);
    } else if (request instanceof ExportLogsServiceRequest logs) {
      logs(logs, all);
    } else if (request instanceof ExportMetricsServiceRequest metrics) {
      metrics(metrics, all);
    } else if (request instanceof ExportProfilesServiceRequest profiles) {
      profiles(profiles, all);
    } else {
      throw new IllegalArgumentException("cannot read request: " + request.getClass());
    }
    return all;
  }

  private static void spans(ExportTraceServiceRequest request, Content[] all) {
    request
        .getResourceSpansList()
        .forEach(
            group ->
                group.getScopeSpansList().stream()
                    .flatMap(scope -> scope.getSpansList().stream())
                    .forEach(
                        span ->
                            all[Slot.ordinalOf(span.getStartTimeUnixNano())] =
                                new Content(service(group.getResource()), span.getName())));
  }

  private static void logs(ExportLogsServiceRequest request, Content[] all) {
    request
        .getResourceLogsList()
        .forEach(
            group ->
                group.getScopeLogsList().stream()
                    .flatMap(scope -> scope.getLogRecordsList().stream())
                    .forEach(
                        log ->
                            all[Slot.ordinalOf(log.getTimeUnixNano())] =
                                new Content(service(group.getResource()), log.getSeverityText())));
  }

  private static void metrics(ExportMetricsServiceRequest request, Content[] all) {
    request
        .getResourceMetricsList()
        .forEach(
            group ->
                group.getScopeMetricsList().stream()
                    .flatMap(scope -> scope.getMetricsList().stream())
                    .forEach(
                        metric ->
                            times(
                                metric,
                                time ->
                                    all[Slot.ordinalOf(time)] =
                                        new Content(
                                            service(group.getResource()), metric.getName()))));
  }

  private static void profiles(ExportProfilesServiceRequest request, Content[] all) {
    request
        .getResourceProfilesList()
        .forEach(
            group ->
                group.getScopeProfilesList().stream()
                    .flatMap(scope -> scope.getProfilesList().stream())
                    .forEach(
                        profile ->
                            all[Slot.ordinalOf(profile.getTimeUnixNano())] =
                                new Content(
                                    service(group.getResource()),
                                    request
                                        .getDictionary()
                                        .getStringTable(
                                            profile.getSampleType().getTypeStrindex()))));
  }

  private static void times(Metric metric, LongConsumer time) {
    metric.getGauge().getDataPointsList().forEach(p -> time.accept(p.getTimeUnixNano()));
    metric.getSum().getDataPointsList().forEach(p -> time.accept(p.getTimeUnixNano()));
    metric.getHistogram().getDataPointsList().forEach(p -> time.accept(p.getTimeUnixNano()));
    metric
        .getExponentialHistogram()
        .getDataPointsList()
        .forEach(p -> time.accept(p.getTimeUnixNano()));
    metric.getSummary().getDataPointsList().forEach(p -> time.accept(p.getTimeUnixNano()));
  }

  private static String service(Resource resource) {
    return resource.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals("service.name"))
        .map(KeyValue::getValue)
        .map(value -> value.getStringValue())
        .findFirst()
        .orElseThrow();
  }
}
