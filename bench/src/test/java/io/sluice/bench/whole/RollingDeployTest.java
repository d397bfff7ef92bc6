package io.sluice.bench.whole;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.torture.sdk.SdkExporters;
import io.sluice.bench.torture.sdk.SdkLoad;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each of three Writers is stopped and started under applications that have the OpenTelemetry SDK:
 * nothing is given up by it, and everything is stored once.
 */
@Timeout(300)
class RollingDeployTest {

  /** On a machine that has much else to do. */
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  private static final double RATE = 40;

  @TempDir Path directory;

  private static SdkExporters grpc(String url) {
    return new SdkExporters(
        OtlpGrpcSpanExporter.builder().setEndpoint(url).setTimeout(TIMEOUT).build(),
        OtlpGrpcLogRecordExporter.builder().setEndpoint(url).setTimeout(TIMEOUT).build(),
        OtlpGrpcMetricExporter.builder().setEndpoint(url).setTimeout(TIMEOUT).build());
  }

  private static SdkExporters http(String url) {
    return new SdkExporters(
        OtlpHttpSpanExporter.builder().setEndpoint(url + "/v1/traces").setTimeout(TIMEOUT).build(),
        OtlpHttpLogRecordExporter.builder()
            .setEndpoint(url + "/v1/logs")
            .setTimeout(TIMEOUT)
            .build(),
        OtlpHttpMetricExporter.builder()
            .setEndpoint(url + "/v1/metrics")
            .setTimeout(TIMEOUT)
            .build());
  }

  @Test
  void exportersGiveNothingUpAndEverythingIsStoredOnce() throws Exception {
    try (InProcessCluster cluster = new InProcessCluster(directory)) {
      cluster.awaitReplicas();
      Path first = directory.resolve("grpc.acks");
      Path second = directory.resolve("http.acks");
      SdkLoad grpc = new SdkLoad(grpc(cluster.grpc().toString()), RATE, 1, first);
      SdkLoad http = new SdkLoad(http(cluster.http().toString()), RATE, 2, second);
      try (grpc;
          http) {
        for (int writer = 0; writer < cluster.writers(); writer++) {
          cluster.restart(writer);
        }
        cluster.awaitReplicas();
      }

      for (SdkLoad load : List.of(grpc, http)) {
        assertThat(load.counts().acked()).isPositive();
        assertThat(load.counts())
            .asString()
            .endsWith("given up after retries 0, dropped from the SDK's own full queue 0");
      }
      AuditResult audit = Audit.run(List.of(first, second), cluster.target());
      assertThat(audit.clean()).as(audit.toString()).isTrue();
      assertThat(cluster.died()).isEmpty();
    }
  }
}
