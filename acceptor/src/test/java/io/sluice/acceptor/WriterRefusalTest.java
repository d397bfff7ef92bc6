package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutAnswer.Want;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients are told when the Writer refuses, by what it says is wanting. */
final class WriterRefusalTest {

  private FakeWriter writer;
  private RunningAcceptor acceptor;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    begin("30s");
  }

  private void begin(String patience) throws Exception {
    acceptor =
        new RunningAcceptor(
            writer, "--otlp.grpc.patience=" + patience, "--otlp.http.patience=" + patience);
    channel = acceptor.channel();
  }

  @AfterEach
  void stop() throws Exception {
    end();
    writer.close();
  }

  private void end() throws Exception {
    channel.shutdownNow();
    acceptor.close();
  }

  private void refusing(Want want, int retryMillis) {
    writer.onPut(
        put ->
            put.answer(PutAnswer.refused(want, put.metadata().sequence(), retryMillis, "not now")));
  }

  private void assertGrpc(Status.Code code) throws Exception {
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> TraceServiceGrpc.newBlockingStub(channel).export(spans(1, 1)));
    assertThat(refused.getStatus().getCode()).isEqualTo(code);
    assertThat(refused.getStatus().getDescription()).isEqualTo("not now");
    RetryInfo bare =
        refused.getTrailers().get(ProtoUtils.keyForProto(RetryInfo.getDefaultInstance()));
    assertThat(bare.getRetryDelay().getSeconds()).isLessThan(5);
    assertThat(bare.getRetryDelay().getSeconds() + bare.getRetryDelay().getNanos()).isPositive();
    com.google.rpc.Status details = StatusProto.fromThrowable(refused);
    assertThat(details.getCode()).isEqualTo(code.value());
    assertThat(details.getDetails(0).unpack(RetryInfo.class)).isEqualTo(bare);
  }

  private void assertHttp(int status) throws Exception {
    HttpResponse<byte[]> response =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .build()
            .send(
                HttpRequest.newBuilder(acceptor.http("/v1/traces"))
                    .header("Content-Type", "application/x-protobuf")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(spans(1, 1).toByteArray()))
                    .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(com.google.rpc.Status.parseFrom(response.body()).getMessage()).isEqualTo("not now");
    assertThat(Integer.parseInt(response.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(1, 5);
  }

  @Test
  void wantOfRoomIsResourceExhaustedAnd429WithAHint() throws Exception {
    refusing(Want.ROOM, 600_000);
    assertGrpc(Status.Code.RESOURCE_EXHAUSTED);
    assertHttp(429);
  }

  @Test
  void wantOfAWriterIsUnavailableAnd503WithAHint() throws Exception {
    refusing(Want.WRITER, 600_000);
    assertGrpc(Status.Code.UNAVAILABLE);
    assertHttp(503);
  }

  /** A response may be large, a header list may not: 64 KiB is what some clients take. */
  @Test
  void reasonIsClippedToAKibibyte() throws Exception {
    writer.onPut(
        put ->
            put.answer(
                PutAnswer.refused(put.metadata().sequence(), 600_000, "\u00e9".repeat(100_000))));
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> TraceServiceGrpc.newBlockingStub(channel).export(spans(1, 1)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).isEqualTo("\u00e9".repeat(512) + "...");
    assertThat(StatusProto.fromThrowable(refused).getSerializedSize()).isLessThan(2_000);
  }

  @Test
  void whoIsRefusedAgainAndAgainUntilItsTimeIsUpIsToldTheSame() throws Exception {
    end();
    begin("3s");
    refusing(Want.WRITER, 600);
    assertGrpc(Status.Code.UNAVAILABLE);
    refusing(Want.ROOM, 600);
    assertHttp(429);
  }
}
