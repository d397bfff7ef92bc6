package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static io.sluice.acceptor.RunningAcceptor.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.sluice.s3server.FreePorts;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.wire.PutAnswer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AcceptorGrpcTest {

  private FakeWriter writer;
  private RunningAcceptor acceptor;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer, "--otlp.grpc.patience=300ms");
    channel = acceptor.channel();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    acceptor.close();
    writer.close();
  }

  private TraceServiceGrpc.TraceServiceBlockingStub traces() {
    return TraceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
  }

  @Test
  void fullSuccessIsAnEmptyResponseAfterTheWriterHasStored() throws Exception {
    assertThat(traces().export(spans(3, 1)))
        .isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
    FakeWriter.Put put = writer.nextPut();
    assertThat(put.path()).containsExactly("0", "default", "traces");
    assertThat(put.metadata().rows()).isEqualTo(3);
    assertThat(writer.storedRows()).isEqualTo(3);
    assertThat(acceptor.metric("sluice_acceptor_records_taken_total", "table=\"traces\""))
        .isEqualTo(3);
  }

  /** A probe comes every few seconds, for ever. */
  @Test
  void callsOfOtherServicesTakeNothingOfTheBudget() throws Exception {
    HealthCheckRequest probe = HealthCheckRequest.newBuilder().setService("").build();
    HealthGrpc.newBlockingStub(channel).check(probe);
    assertThatThrownBy(
            () ->
                ClientCalls.blockingUnaryCall(
                    channel,
                    TraceServiceGrpc.getExportMethod().toBuilder()
                        .setFullMethodName("no.Service/Export")
                        .build(),
                    within(30_000),
                    spans(3, 1)))
        .hasMessageContaining("UNIMPLEMENTED");
    assertThat(acceptor.admin("/status")).contains("\"bytesInFlight\":0");
  }

  @Test
  void sameBytesAreTheSameBatchAndAreAnsweredAsStored() throws Exception {
    traces().export(spans(3, 1));
    traces().export(spans(3, 1));
    assertThat(writer.nextPut().ids()).isEqualTo(writer.nextPut().ids());
    assertThat(writer.storedRows()).isEqualTo(3);
    assertThat(acceptor.metric("sluice_acceptor_records_repeated_total", "table=\"traces\""))
        .isEqualTo(3);
  }

  /** The port is fixed: what the system chooses for gRPC need not be the same on both. */
  @Test
  void bothLoopbacksListenOnTheSamePorts() throws Exception {
    List<InetAddress> loopbacks = BindAddress.parse("loopback").addresses();
    int grpc = FreePorts.one();
    int http = FreePorts.one();
    try (RunningAcceptor both =
        new RunningAcceptor(
            writer,
            "--bind-address=loopback",
            "--otlp.grpc.port=" + grpc,
            "--otlp.http.port=" + http)) {
      for (InetAddress loopback : loopbacks) {
        ManagedChannel own =
            NettyChannelBuilder.forAddress(new InetSocketAddress(loopback, grpc))
                .usePlaintext()
                .build();
        try {
          TraceServiceGrpc.newBlockingStub(own)
              .withDeadlineAfter(60, TimeUnit.SECONDS)
              .export(spans(1, loopback.hashCode()));
        } finally {
          own.shutdownNow();
        }
        new Socket(loopback, http).close();
        assertThat(both.service().httpPort()).isEqualTo(http);
      }
    }
    assertThat(writer.storedRows()).isEqualTo(loopbacks.size());
  }

  @Test
  void emptyRequestSucceedsWithoutAWriter() throws Exception {
    writer.stop();
    assertThat(traces().export(spans(0, 1)))
        .isEqualTo(ExportTraceServiceResponse.getDefaultInstance());
    assertThat(writer.putsWaiting()).isZero();
  }

  @Test
  void writerAwayIsUnavailableAndItsReturnIsNoticed() throws Exception {
    acceptor.awaitHealth(ServingStatus.SERVING);
    writer.stop();
    acceptor.awaitHealth(ServingStatus.NOT_SERVING);
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () -> TraceServiceGrpc.newBlockingStub(channel).export(spans(1, 1)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    writer.restart();
    traces().export(spans(1, 2));
    assertThat(writer.storedRows()).isEqualTo(1);
    acceptor.awaitHealth(ServingStatus.SERVING);
  }

  @Test
  void lostStreamIsOpenedAgainWithTheSameBatches() throws Exception {
    writer.onPut(
        put -> {
          writer.onPut(writer::store);
          put.loseStream();
        });
    traces().export(spans(2, 1));
    FakeWriter.Put first = writer.nextPut();
    FakeWriter.Put second = writer.nextPut();
    assertThat(second.ids()).isEqualTo(first.ids());
    assertThat(second.metadata()).isEqualTo(first.metadata());
    assertThat(second.stream()).isNotSameAs(first.stream());
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  @Test
  void refusalIsTriedAgainAfterItsHint() throws Exception {
    writer.onPut(
        put -> {
          writer.onPut(writer::store);
          put.answer(PutAnswer.refused(put.metadata().sequence(), 30, "full"));
        });
    traces().export(spans(2, 1));
    assertThat(writer.nextPut().ids()).isEqualTo(writer.nextPut().ids());
    assertThat(writer.storedRows()).isEqualTo(2);
  }
}
