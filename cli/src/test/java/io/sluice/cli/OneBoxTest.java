package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.exporter.otlp.http.logs.OtlpHttpLogRecordExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.logs.OtlpGrpcLogRecordExporter;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The two services, the SDK's exporters on both transports, and the commands, all of them real. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OneBoxTest {

  private static final int SPANS = 600;
  private static final int LOGS = 5;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private Path directory;

  private final SdkTelemetry grpc = new SdkTelemetry("over-grpc");
  private final SdkTelemetry http = new SdkTelemetry("over-http");

  @Test
  void whatTheSdkExportersSentIsWhatSqlReturnsHotPersistedAndAfterAStop() throws Exception {
    try (OneBox box = OneBox.start(directory.resolve("data"))) {
      List<String> spans = new ArrayList<>();
      spans.addAll(grpc.spans(grpcSpans(box), SPANS));
      spans.addAll(
          http.spans(
              OtlpHttpSpanExporter.builder()
                  .setEndpoint(box.http("/v1/traces"))
                  .setCompression("gzip")
                  .build(),
              SPANS));
      List<String> logs = new ArrayList<>();
      logs.addAll(
          grpc.logs(OtlpGrpcLogRecordExporter.builder().setEndpoint(box.grpc()).build(), LOGS));
      logs.addAll(
          http.logs(
              OtlpHttpLogRecordExporter.builder().setEndpoint(box.http("/v1/logs")).build(), LOGS));
      grpc.metrics(OtlpGrpcMetricExporter.builder().setEndpoint(box.grpc()).build());
      http.metrics(OtlpHttpMetricExporter.builder().setEndpoint(box.http("/v1/metrics")).build());

      assertRows(box, spans, logs);
      assertThat(box.run("flush")).anyMatch(line -> line.contains(spans.size() + " rows"));
      assertRows(box, spans, logs);

      List<String> late = new SdkTelemetry("zz-late").spans(grpcSpans(box), 3);
      assertThat(box.stop()).isZero();
      assertThat(box.said()).noneMatch(line -> line.matches(".*(ERROR|WARN|Exception).*"));
      spans.addAll(late);
      assertThat(box.run("sql", "--format=csv", "--allow-partial", SdkTelemetry.SPANS))
          .as("persisted by the stop")
          .endsWith(spans.toArray(String[]::new))
          .hasSize(1 + spans.size());
    }
  }

  @Test
  void boxInADirectoryOfAnyNameOnAnAddressOfTheMachineIsFoundByItsCommands() throws Exception {
    Path data = directory.resolve(SluiceProcess.oddName());
    String address = ownAddress();
    try (OneBox box = OneBox.start(data, "--bind-address=" + address, "--insecure=true")) {
      box.run("load", "--signal=traces", "--requests=1", "--connections=1", "--batch=7");
      assertThat(box.run("flush")).anyMatch(line -> line.contains("traces: 7 rows persisted"));
      box.run("load", "--signal=traces", "--requests=1", "--connections=1", "--batch=5");
      assertThat(box.sql("SELECT count(*) FROM traces")).containsExactly("12");
      assertThat(data.resolve("warehouse/default/traces")).isNotEmptyDirectory();
      assertThat(directory).isDirectoryNotContaining(path -> !path.equals(data));
      assertThat(box.said()).anyMatch(line -> line.contains("--writers=" + address));
      assertThat(box.stop()).isZero();
    }
  }

  /** One that 127.0.0.1 does not reach, if the machine has any. */
  private static String ownAddress() throws Exception {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst()
        .orElse("127.0.0.1");
  }

  @Test
  void loadIsAuditedRecordByRecord() throws Exception {
    try (OneBox box = OneBox.start(directory.resolve("data"))) {
      Path acks = directory.resolve("acks");
      box.run("load", "--signal=all", "--rate=2000", "--seconds=3", "--audit=" + acks);
      assertThat(box.run("audit", acks.toString()))
          .last()
          .asString()
          .matches("\\d{4,} acked, 0 lost, 0 duplicated, 0 extra");
      assertThat(box.stop()).isZero();
    }
  }

  private static OtlpGrpcSpanExporter grpcSpans(OneBox box) {
    return OtlpGrpcSpanExporter.builder().setEndpoint(box.grpc()).build();
  }

  private void assertRows(OneBox box, List<String> spans, List<String> logs) throws Exception {
    assertThat(box.sql(SdkTelemetry.SPANS)).isEqualTo(spans);
    assertThat(box.sql(SdkTelemetry.LOGS)).isEqualTo(logs);
    assertTwice(box, SdkTelemetry.SUM, grpc.sum(), http.sum());
    assertTwice(box, SdkTelemetry.GAUGE, grpc.gauge(), http.gauge());
    assertTwice(box, SdkTelemetry.HISTOGRAM, grpc.histogram(), http.histogram());
    assertTwice(box, SdkTelemetry.EXPONENTIAL, grpc.exponential(), http.exponential());
  }

  /** Each service's point twice: of the provider's flush and of its end. */
  private static void assertTwice(OneBox box, String statement, String first, String second)
      throws Exception {
    assertThat(box.sql(statement)).containsExactly(first, first, second, second);
  }
}
