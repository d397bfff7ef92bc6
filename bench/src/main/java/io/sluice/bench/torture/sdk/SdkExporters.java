package io.sluice.bench.torture.sdk;

import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.logs.export.LogRecordExporter;
import io.opentelemetry.sdk.metrics.export.MetricExporter;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;

/** The SDK's exporters of one protocol, as they come, retries on. */
public record SdkExporters(SpanExporter spans, LogRecordExporter logs, MetricExporter metrics) {

  public static SdkExporters grpc(URI endpoint) {
    String url = endpoint.toString();
    RetryPolicy retry = RetryPolicy.getDefault();
    return new SdkExporters(
        OtlpGrpcSpanExporter.builder().setEndpoint(url).setRetryPolicy(retry).build(),
        OtlpGrpcLogRecordExporter.builder().setEndpoint(url).setRetryPolicy(retry).build(),
        OtlpGrpcMetricExporter.builder().setEndpoint(url).setRetryPolicy(retry).build());
  }

  public static SdkExporters http(URI endpoint) {
    RetryPolicy retry = RetryPolicy.getDefault();
    return new SdkExporters(
        OtlpHttpSpanExporter.builder()
            .setEndpoint(endpoint.resolve("/v1/traces").toString())
            .setRetryPolicy(retry)
            .build(),
        OtlpHttpLogRecordExporter.builder()
            .setEndpoint(endpoint.resolve("/v1/logs").toString())
            .setRetryPolicy(retry)
            .build(),
        OtlpHttpMetricExporter.builder()
            .setEndpoint(endpoint.resolve("/v1/metrics").toString())
            .setRetryPolicy(retry)
            .build());
  }
}
