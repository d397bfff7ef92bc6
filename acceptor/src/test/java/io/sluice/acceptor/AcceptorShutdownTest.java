package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.sluice.acceptor.decode.Traffic;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients are told whose requests are in flight when the Acceptor's time is up. */
final class AcceptorShutdownTest {

  private FakeWriter writer;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    writer.onPut(put -> {});
  }

  @AfterEach
  void stop() {
    if (channel != null) {
      channel.shutdownNow();
    }
    writer.close();
  }

  private Future<ExportTraceServiceResponse> grpc(
      RunningAcceptor acceptor, ExportTraceServiceRequest request) {
    channel = acceptor.channel();
    return TraceServiceGrpc.newFutureStub(channel).export(request);
  }

  private static CompletableFuture<HttpResponse<byte[]>> http(
      RunningAcceptor acceptor, ExportTraceServiceRequest request) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .sendAsync(
            HttpRequest.newBuilder(acceptor.http("/v1/traces"))
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(request.toByteArray()))
                .build(),
            HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void assertToldToComeAgain(Future<ExportTraceServiceResponse> grpc) {
    ExecutionException ended =
        catchThrowableOfType(ExecutionException.class, () -> grpc.get(60, TimeUnit.SECONDS));
    StatusRuntimeException refused = (StatusRuntimeException) ended.getCause();
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.getTrailers().get(ProtoUtils.keyForProto(RetryInfo.getDefaultInstance())))
        .isNotNull();
  }

  private static void assertToldToComeAgain(CompletableFuture<HttpResponse<byte[]>> http)
      throws Exception {
    HttpResponse<byte[]> response = http.get(60, TimeUnit.SECONDS);
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void whoseBatchesTheWriterHasIsToldToComeAgain() throws Exception {
    RunningAcceptor acceptor = new RunningAcceptor(writer, "--acceptor.drain=100ms");
    CompletableFuture<HttpResponse<byte[]>> http = http(acceptor, spans(1, 7));
    Future<ExportTraceServiceResponse> grpc = grpc(acceptor, spans(1, 8));
    for (int batches = 0; batches < 2; ) { // they may ride together
      batches += writer.nextPut().ids().size();
    }
    acceptor.close();
    assertToldToComeAgain(grpc);
    assertToldToComeAgain(http);
  }

  /** The ack comes of the Writer's alone, also on the way out. */
  @Test
  void whoseBatchesTheWriterStoresInTimeIsToldSoBeforeItsConnectionEnds() throws Exception {
    RunningAcceptor acceptor = new RunningAcceptor(writer, "--acceptor.drain=1h");
    try (RawHttp2 client = RawHttp2.open(acceptor.service().grpcPort())) {
      String export = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
      int inFlight = client.call(export);
      client.last(inFlight, RawHttp2.message(0, spans(2, 1).toByteArray()));
      FakeWriter.Put held = writer.nextPut();
      CompletableFuture<Void> closing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  acceptor.close();
                } catch (java.io.IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      RawHttp2.Frame away = client.await(frame -> frame.type() == RawHttp2.GOAWAY);
      assertThat(away.error()).isZero();
      assertThat(closing).isNotDone();
      assertThat(writer.storedRows()).isZero();
      writer.store(held);
      assertThat(client.response(inFlight).field("grpc-status")).isEqualTo("0");
      assertThat(client.awaitClosed()).isTrue();
      closing.get(60, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoWaitsForAdmissionIsToldToComeAgain() throws Exception {
    RunningAcceptor acceptor =
        new RunningAcceptor(
            writer,
            "--acceptor.drain=100ms",
            "--otlp.max-in-flight=100",
            "--otlp.admission-wait=1h",
            "--otlp.http.patience=1h");
    CompletableFuture<HttpResponse<byte[]>> first = http(acceptor, spans(1, 7));
    writer.nextPut();
    CompletableFuture<HttpResponse<byte[]>> http = http(acceptor, spans(1, 8));
    Future<ExportTraceServiceResponse> grpc = grpc(acceptor, spans(1, 9));
    while (acceptor.metric("sluice_acceptor_requests_waiting") < 2) {
      LockSupport.parkNanos(1_000_000);
    }
    acceptor.close();
    assertToldToComeAgain(first);
    assertToldToComeAgain(http);
    assertToldToComeAgain(grpc);
  }

  /** Closing would throw if anything of the request were left in memory. */
  @Test
  void requestThatIsBeingDecodedLeavesNothingBehind() throws Exception {
    RunningAcceptor acceptor = new RunningAcceptor(writer, "--acceptor.drain=1ms");
    CompletableFuture<HttpResponse<byte[]>> http = http(acceptor, new Traffic(1).traces(90_000));
    while (acceptor.metric("sluice_acceptor_requests_inflight") < 1) {
      LockSupport.parkNanos(1_000_000);
    }
    acceptor.close();
    assertToldToComeAgain(http);
  }
}
