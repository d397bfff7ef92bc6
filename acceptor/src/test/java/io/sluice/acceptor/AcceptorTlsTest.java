package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static io.sluice.acceptor.RunningAcceptor.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AcceptorTlsTest {

  private static final int LIMIT = 1 << 20;

  @TempDir private Path directory;
  private TestCertificate certificate;
  private FakeWriter writer;
  private RunningAcceptor acceptor;

  @BeforeEach
  void start() throws Exception {
    start("EC");
  }

  private void start(String algorithm) throws Exception {
    certificate = TestCertificate.make(directory, algorithm, algorithm);
    writer = new FakeWriter();
    acceptor =
        new RunningAcceptor(
            writer,
            certificate.flags()[0],
            certificate.flags()[1],
            "--otlp.max-request-size=" + LIMIT);
  }

  @AfterEach
  void stop() throws Exception {
    acceptor.close();
    writer.close();
  }

  private HttpResponse<byte[]> post(HttpClient.Version version, String path, byte[] body)
      throws Exception {
    URI uri = URI.create("https://localhost:%d%s".formatted(acceptor.service().httpPort(), path));
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(certificate.trusting())
        .build()
        .send(
            HttpRequest.newBuilder(uri)
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  private ExportTraceServiceResponse export(
      ChannelCredentials credentials, ExportTraceServiceRequest request) {
    ManagedChannel channel =
        Grpc.newChannelBuilderForAddress("localhost", acceptor.service().grpcPort(), credentials)
            .disableRetry()
            .build();
    try {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          channel, TraceServiceGrpc.getExportMethod(), within(60_000), request);
    } finally {
      channel.shutdownNow();
    }
  }

  private ChannelCredentials trusting() throws Exception {
    return TlsChannelCredentials.newBuilder()
        .trustManager(certificate.certificate().toFile())
        .build();
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void clientChoosesTheVersionOfHttp(HttpClient.Version version) throws Exception {
    HttpResponse<byte[]> response = post(version, "/v1/traces", spans(3, 1).toByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.version()).isEqualTo(version);
    assertThat(response.sslSession().orElseThrow().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(writer.storedRows()).isEqualTo(3);
  }

  @Test
  void refusalsOverHttp2AreWhatTheyAreOverHttp1() throws Exception {
    HttpClient.Version http2 = HttpClient.Version.HTTP_2;
    assertThat(post(http2, "/v1/spans", new byte[3]).statusCode()).isEqualTo(404);
    assertThat(post(http2, "/v1/traces", new byte[] {1, 2, 3}).statusCode()).isEqualTo(400);
    assertThat(post(http2, "/v1/traces", new byte[LIMIT + 1]).statusCode()).isEqualTo(413);
    assertThat(post(http2, "/v1/traces", spans(1, 1).toByteArray()).statusCode()).isEqualTo(200);
  }

  @Test
  void largeBodiesComeWholeOverHttp2() throws Exception {
    byte[] body = spans(12_000, 1).toByteArray();
    assertThat(body.length).isBetween(LIMIT / 2, LIMIT); // more than any window
    assertThat(post(HttpClient.Version.HTTP_2, "/v1/traces", body).statusCode()).isEqualTo(200);
    assertThat(writer.storedRows()).isEqualTo(12_000);
  }

  @Test
  void grpcHasTheSameCertificate() throws Exception {
    assertThat(export(trusting(), spans(2, 1)))
        .isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  @Test
  void rsaCertificatesAreTaken() throws Exception {
    stop();
    start("RSA");
    byte[] body = spans(3, 1).toByteArray();
    assertThat(post(HttpClient.Version.HTTP_2, "/v1/traces", body).statusCode()).isEqualTo(200);
    export(trusting(), spans(2, 2));
    assertThat(writer.storedRows()).isEqualTo(5);
  }

  @Test
  void plainClientsAreTurnedAwayAndTheOthersServed() throws Exception {
    ChannelCredentials plain = InsecureChannelCredentials.create();
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> export(plain, spans(1, 1)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    try (RawConnection raw = new RawConnection(acceptor.service().httpPort())) {
      raw.send("POST /v1/traces HTTP/1.1\nHost: x\nContent-Length: 0\n\n");
      assertThat(raw.rest()).describedAs("an alert of TLS, if anything").doesNotContain("HTTP");
    }
    export(trusting(), spans(1, 2));
    byte[] body = spans(1, 3).toByteArray();
    assertThat(post(HttpClient.Version.HTTP_1_1, "/v1/traces", body).statusCode()).isEqualTo(200);
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bothVersionsOfTlsAreSpokenOnBothPortsWithHttp2(String version) throws Exception {
    for (int port : new int[] {acceptor.service().grpcPort(), acceptor.service().httpPort()}) {
      try (SSLSocket socket =
          (SSLSocket) certificate.trusting().getSocketFactory().createSocket("localhost", port)) {
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        parameters.setProtocols(new String[] {version});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        assertThat(socket.getSession().getProtocol()).isEqualTo(version);
        assertThat(socket.getApplicationProtocol()).isEqualTo("h2");
      }
    }
  }

  private void sdk(SpanExporter exporter) throws Exception {
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build()) {
      for (int i = 0; i < 100; i++) {
        provider.get("test").spanBuilder("span").startSpan().end();
      }
      assertThat(provider.forceFlush().join(60, TimeUnit.SECONDS).isSuccess()).isTrue();
    }
  }

  @Test
  void exportersOfTheSdkSucceedWithTheCertificateTrusted() throws Exception {
    byte[] trusted = Files.readAllBytes(certificate.certificate());
    sdk(
        OtlpGrpcSpanExporter.builder()
            .setEndpoint("https://localhost:" + acceptor.service().grpcPort())
            .setTimeout(Duration.ofSeconds(60))
            .setTrustedCertificates(trusted)
            .build());
    sdk(
        OtlpHttpSpanExporter.builder()
            .setEndpoint("https://localhost:%d/v1/traces".formatted(acceptor.service().httpPort()))
            .setTimeout(Duration.ofSeconds(60))
            .setTrustedCertificates(trusted)
            .setCompression("gzip")
            .build());
    assertThat(writer.storedRows()).isEqualTo(200);
  }
}
