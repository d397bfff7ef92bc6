package io.sluice.schema.service;

import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.InstrumentType;
import io.opentelemetry.sdk.metrics.data.AggregationTemporality;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.MetricReader;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;

/**
 * Sends a service's own telemetry by OTLP/HTTP, from threads of its own. What cannot be sent is
 * counted and left: metrics are cumulative, so that the next push has the sums anyway. Where the
 * receiver is this very box, each push is one request more, whatever came before it.
 */
final class OtlpPush {

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(OtlpPush.class);
  private static final Duration LEAST = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int MOST_SPANS = 512;

  /**
   * What they say of failures is said here. Held: the platform forgets loggers that nobody holds.
   */
  private static final List<Logger> TOLD_HERE =
      Stream.of(
              "io.opentelemetry.exporter",
              "io.opentelemetry.sdk.metrics.export",
              "io.opentelemetry.sdk.trace.export")
          .map(Logger::getLogger)
          .toList();

  private final URI endpoint;
  private final String shown;
  private final TelemetrySettings settings;
  private final LongAdder failures;
  private final Seldom failed = new Seldom(System::nanoTime);

  /**
   * @param endpoint the settings' own, which is there
   * @param failures counts pushes that were not taken
   */
  OtlpPush(URI endpoint, TelemetrySettings settings, LongAdder failures) {
    this.endpoint = endpoint;
    this.shown = Secrets.mask("", endpoint.toString());
    this.settings = settings;
    this.failures = failures;
    TOLD_HERE.forEach(logger -> logger.setLevel(Level.OFF));
  }

  MetricReader metrics() {
    OtlpHttpMetricExporterBuilder otlp =
        OtlpHttpMetricExporter.builder()
            .setEndpoint(at("/v1/metrics"))
            .setTimeout(PATIENCE)
            .setRetryPolicy(null);
    settings.headers().forEach(otlp::addHeader);
    Duration interval = settings.interval().compareTo(LEAST) < 0 ? LEAST : settings.interval();
    return PeriodicMetricReader.builder(new Metrics(otlp.build())).setInterval(interval).build();
  }

  SdkTracerProvider spans(Resource resource) {
    OtlpHttpSpanExporterBuilder otlp =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(at("/v1/traces"))
            .setTimeout(PATIENCE)
            .setRetryPolicy(null);
    settings.headers().forEach(otlp::addHeader);
    return SdkTracerProvider.builder()
        .setResource(resource)
        .addSpanProcessor(
            BatchSpanProcessor.builder(new Spans(otlp.build()))
                .setMaxQueueSize(MOST_SPANS)
                .setMaxExportBatchSize(MOST_SPANS)
                .build())
        .build();
  }

  private String at(String path) {
    return endpoint.toString().replaceFirst("/+$", "") + path;
  }

  private CompletableResultCode counted(String what, CompletableResultCode sent) {
    return sent.whenComplete(
        () -> {
          if (!sent.isSuccess()) {
            failures.increment();
            if (failed.ask() >= 0) {
              LOG.warn("cannot push own {} to {}: {}", what, shown, why(sent));
            }
          }
        });
  }

  private static String why(CompletableResultCode sent) {
    Throwable thrown = sent.getFailureThrowable();
    Throwable cause = thrown == null || thrown.getCause() == null ? thrown : thrown.getCause();
    return cause == null ? "it was not taken" : cause.toString();
  }

  private final class Metrics implements MetricExporter {
    private final MetricExporter otlp;

    Metrics(MetricExporter otlp) {
      this.otlp = otlp;
    }

    @Override
    public CompletableResultCode export(Collection<MetricData> metrics) {
      return counted("metrics", otlp.export(metrics));
    }

    @Override
    public CompletableResultCode flush() {
      return otlp.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return otlp.shutdown();
    }

    @Override
    public AggregationTemporality getAggregationTemporality(InstrumentType type) {
      return AggregationTemporality.CUMULATIVE;
    }
  }

  private final class Spans implements SpanExporter {
    private final SpanExporter otlp;

    Spans(SpanExporter otlp) {
      this.otlp = otlp;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      return counted("traces", otlp.export(spans));
    }

    @Override
    public CompletableResultCode flush() {
      return otlp.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return otlp.shutdown();
    }
  }
}
