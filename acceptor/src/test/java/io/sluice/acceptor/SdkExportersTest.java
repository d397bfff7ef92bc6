package io.sluice.acceptor;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.metrics.Meter;
import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.logs.SdkLoggerProvider;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.logs.export.SimpleLogRecordProcessor;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The exporters of the OpenTelemetry Java SDK, as applications have them. */
final class SdkExportersTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private FakeWriter writer;
  private RunningAcceptor acceptor;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer);
  }

  @AfterEach
  void stop() throws Exception {
    acceptor.close();
    writer.close();
  }

  private String grpc() {
    return "http://127.0.0.1:" + acceptor.service().grpcPort();
  }

  private static void assertDone(CompletableResultCode code) {
    assertThat(code.join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
  }

  private double taken(String table) throws Exception {
    return acceptor.metric("sluice_acceptor_records_taken_total", "table=\"" + table + "\"");
  }

  private void spans(SpanExporter exporter) throws Exception {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      for (int i = 0; i < 600; i++) {
        provider.get("test").spanBuilder("span").setAttribute("i", i).startSpan().end();
      }
      assertDone(provider.forceFlush());
    }
    assertThat(taken("traces")).isEqualTo(600);
  }

  private void logs(LogRecordExporter exporter) throws Exception {
    try (SdkLoggerProvider provider =
        SdkLoggerProvider.builder()
            .addLogRecordProcessor(SimpleLogRecordProcessor.create(exporter))
            .build()) {
      for (int i = 0; i < 5; i++) {
        provider.get("test").logRecordBuilder().setSeverity(Severity.INFO).setBody("b" + i).emit();
      }
      assertDone(provider.forceFlush());
    }
    assertThat(taken("logs")).isEqualTo(5);
  }

  private void metrics(MetricExporter exporter) throws Exception {
    try (SdkMeterProvider provider =
        SdkMeterProvider.builder()
            .registerMetricReader(
                PeriodicMetricReader.builder(exporter).setInterval(Duration.ofDays(1)).build())
            .build()) {
      Meter meter = provider.get("test");
      meter.counterBuilder("sum").build().add(1);
      meter.gaugeBuilder("gauge").build().set(2);
      meter.histogramBuilder("histogram").build().record(3);
      assertDone(provider.forceFlush());
      assertThat(taken("metrics_sum")).isEqualTo(1);
      assertThat(taken("metrics_gauge")).isEqualTo(1);
      assertThat(taken("metrics_histogram")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void grpcExportersSucceed(String compression) throws Exception {
    spans(
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(grpc())
            .setTimeout(TIMEOUT)
            .setCompression(compression)
            .build());
    logs(
        OtlpGrpcLogRecordExporter.builder()
            .setEndpoint(grpc())
            .setTimeout(TIMEOUT)
            .setCompression(compression)
            .build());
    metrics(
        OtlpGrpcMetricExporter.builder()
            .setEndpoint(grpc())
            .setTimeout(TIMEOUT)
            .setCompression(compression)
            .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void httpExportersSucceed(String compression) throws Exception {
    spans(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(acceptor.http("/v1/traces").toString())
            .setTimeout(TIMEOUT)
            .setCompression(compression)
            .build());
    logs(
        OtlpHttpLogRecordExporter.builder()
            .setEndpoint(acceptor.http("/v1/logs").toString())
            .setTimeout(TIMEOUT)
            .setCompression(compression)
            .build());
    metrics(
        OtlpHttpMetricExporter.builder()
            .setEndpoint(acceptor.http("/v1/metrics").toString())
            .setTimeout(TIMEOUT)
            .setCompression(compression)
            .build());
  }

  /** What the exporters do with their defaults: retry on, and nothing else said. */
  private void survivesAWriterThatIsAway(SpanExporter exporter) throws Exception {
    writer.stop();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(
                BatchSpanProcessor.builder(exporter)
                    .setExporterTimeout(60, TimeUnit.SECONDS)
                    .build())
            .build()) {
      for (int i = 0; i < 600; i++) {
        provider.get("test").spanBuilder("span").startSpan().end();
      }
      CompletableResultCode flushed = provider.forceFlush();
      while (acceptor.metric("sluice_acceptor_requests_total", "outcome=\"unavailable\"") == 0) {
        LockSupport.parkNanos(1_000_000); // until it was told to come again at least once
      }
      writer.restart();

      assertDone(flushed);
    }
    assertThat(writer.storedRows()).isEqualTo(600);
    assertThat(taken("traces")).isEqualTo(600);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void grpcExportersComeAgainUntilTheWriterIsBack(String compression) throws Exception {
    acceptor.close();
    acceptor = new RunningAcceptor(writer, "--otlp.grpc.patience=100ms");

    survivesAWriterThatIsAway(
        OtlpGrpcSpanExporter.builder()
            .setEndpoint(grpc())
            .setTimeout(TIMEOUT)
            .setCompression(compression)
            .build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void httpExportersComeAgainUntilTheWriterIsBack(String compression) throws Exception {
    acceptor.close();
    acceptor = new RunningAcceptor(writer, "--otlp.http.patience=100ms");

    survivesAWriterThatIsAway(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(acceptor.http("/v1/traces").toString())
            .setTimeout(TIMEOUT)
            .setCompression(compression)
            .build());
  }
}
