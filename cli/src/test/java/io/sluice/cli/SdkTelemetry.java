package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.Aggregation;
import io.opentelemetry.sdk.metrics.InstrumentSelector;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.View;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends by the SDK what an application would, and says which rows that must be. The SDK adds
 * metrics of its own, under its own scope.
 */
final class SdkTelemetry {

  static final String SPANS =
      """
      SELECT service_name, trace_id, span_id, parent_span_id, name, kind, status_code,
        start_time_unix_nano, end_time_unix_nano, attributes['i'], attribute_types,
        len(events), events[1].name, events[1].attributes['at'], resource_attributes['zone']
      FROM traces ORDER BY service_name, CAST(attributes['i'] AS INT)
      """;
  static final String LOGS =
      """
      SELECT service_name, body, severity_number, severity_text, time_unix_nano, event_name,
        attributes['tags'] FROM logs ORDER BY service_name, body
      """;
  static final String SUM =
      """
      SELECT service_name, metric_name, unit, value_int, is_monotonic, aggregation_temporality,
        attributes['k'] FROM metrics_sum WHERE scope_name = 'test' ORDER BY service_name
      """;
  static final String GAUGE =
      """
      SELECT service_name, metric_name, value
      FROM metrics_gauge WHERE scope_name = 'test' ORDER BY service_name
      """;
  static final String HISTOGRAM =
      """
      SELECT service_name, metric_name, count, sum, min, max, bucket_counts, explicit_bounds
      FROM metrics_histogram WHERE scope_name = 'test' ORDER BY service_name
      """;
  static final String EXPONENTIAL =
      """
      SELECT service_name, metric_name, count, sum, zero_count
      FROM metrics_exponential_histogram WHERE scope_name = 'test' ORDER BY service_name
      """;

  private final String service;
  private final Resource resource;

  SdkTelemetry(String service) {
    this.service = service;
    this.resource =
        Resource.create(
            Attributes.of(
                AttributeKey.stringKey("service.name"),
                service,
                AttributeKey.stringKey("zone"),
                "z,1"));
  }

  private static void assertDone(CompletableResultCode code) {
    assertThat(code.join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
  }

  List<String> spans(SpanExporter exporter, int count) {
    List<String> rows = new ArrayList<>();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(resource)
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      Tracer tracer = provider.get("test");
      Context parent = Context.root();
      for (int i = 0; i < count; i++) {
        Span span =
            tracer
                .spanBuilder("GET /" + i % 7)
                .setParent(parent)
                .setSpanKind(SpanKind.SERVER)
                .setAttribute("i", i)
                .setAttribute("text", "t")
                .startSpan();
        span.addEvent("met", Attributes.of(AttributeKey.doubleKey("at"), i + 0.5));
        if (i % 3 == 0) {
          span.setStatus(StatusCode.ERROR, "broken");
        }
        span.end();
        parent = Context.root().with(span);
        rows.add(row(((ReadableSpan) span).toSpanData(), i));
      }
      assertDone(provider.forceFlush());
    }
    return rows;
  }

  private String row(SpanData span, int i) {
    return String.join(
        ",",
        service,
        span.getTraceId(),
        span.getSpanId(),
        i == 0 ? "" : span.getParentSpanId(),
        span.getName(),
        "SERVER",
        i % 3 == 0 ? "ERROR" : "UNSET",
        Long.toString(span.getStartEpochNanos()),
        Long.toString(span.getEndEpochNanos()),
        Integer.toString(i),
        "is",
        "1",
        "met",
        i + ".5",
        "\"z,1\"");
  }

  List<String> logs(LogRecordExporter exporter, int count) {
    List<String> rows = new ArrayList<>();
    try (SdkLoggerProvider provider =
        SdkLoggerProvider.builder()
            .setResource(resource)
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
            .build()) {
      for (int i = 0; i < count; i++) {
        Instant time = Instant.now();
        provider
            .get("test")
            .logRecordBuilder()
            .setTimestamp(time)
            .setSeverity(Severity.WARN2)
            .setSeverityText("W")
            .setBody("line " + i)
            .setEventName("e")
            .setAttribute(AttributeKey.stringArrayKey("tags"), List.of("a", "b"))
            .emit();
        long nanos = time.getEpochSecond() * 1_000_000_000 + time.getNano();
        rows.add(service + ",line " + i + ",14,W," + nanos + ",e,\"[\"\"a\"\",\"\"b\"\"]\"");
      }
      assertDone(provider.forceFlush());
    }
    return rows;
  }

  /** One point of each kind that the SDK can make. */
  void metrics(MetricExporter exporter) {
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .setResource(resource)
            .registerView(
                InstrumentSelector.builder().setName("exponential").build(),
                View.builder()
                    .setAggregation(Aggregation.base2ExponentialBucketHistogram())
                    .build())
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofDays(1)).build())
            .build()) {
      Meter meter = provider.get("test");
      Attributes k = Attributes.of(AttributeKey.longKey("k"), 7L);
      meter.counterBuilder("sum").setUnit("By").build().add(41, k);
      meter.gaugeBuilder("gauge").build().set(2.25);
      meter
          .histogramBuilder("histogram")
          .setExplicitBucketBoundariesAdvice(List.of(1.0, 10.0))
          .build()
          .record(3);
      meter.histogramBuilder("exponential").build().record(0);
      assertDone(provider.forceFlush());
      // The provider's close exports once more; equal points with a new time are new rows.
    }
  }

  String sum() {
    return service + ",sum,By,41,true,CUMULATIVE,7";
  }

  String gauge() {
    return service + ",gauge,2.25";
  }

  String histogram() {
    return service + ",histogram,1,3.0,3.0,3.0,\"[0,1,0]\",\"[1.0,10.0]\"";
  }

  String exponential() {
    return service + ",exponential,1,0.0,1";
  }
}
