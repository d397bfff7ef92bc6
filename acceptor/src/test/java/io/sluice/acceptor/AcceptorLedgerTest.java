package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutAnswer.Want;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each record that was decoded is acknowledged, rejected, empty, refused or in flight. */
final class AcceptorLedgerTest {

  private static final String NOTHING =
      "\"received\":0,\"taken\":0,\"rejected\":0,\"empty\":0,\"refused\":0,\"inFlight\":0";

  private FakeWriter writer;
  private RunningAcceptor acceptor;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer, "--otlp.grpc.patience=5s", "--otlp.http.patience=5s");
    acceptor.awaitHealth(ServingStatus.SERVING); // its Writer is found before the patience counts
    channel = acceptor.channel();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    acceptor.close();
    writer.close();
  }

  @Test
  void whatIsStoredIsTakenAndARepeatOfItToo() throws Exception {
    TraceServiceGrpc.newBlockingStub(channel).export(spans(3, 1));
    TraceServiceGrpc.newBlockingStub(channel).export(spans(3, 1));
    assertLedger(
        "traces",
        "\"received\":6,\"taken\":6,\"rejected\":0,\"empty\":0,\"refused\":0,\"inFlight\":0");
    assertLedger("logs", NOTHING);
  }

  @Test
  void whatIsRejectedOrEmptyIsCountedOnceTheRequestIsStored() throws Exception {
    LogsServiceGrpc.newBlockingStub(channel).export(oneGoodOneDeepOneEmpty());
    assertLedger(
        "logs",
        "\"received\":3,\"taken\":1,\"rejected\":1,\"empty\":1,\"refused\":0,\"inFlight\":0");
  }

  @Test
  void ofARequestThatIsNotTakenTheClientStillHasAll() throws Exception {
    writer.onPut(
        put ->
            put.answer(
                PutAnswer.refused(Want.ROOM, put.metadata().sequence(), 600_000, "not now")));
    assertThatThrownBy(
            () -> LogsServiceGrpc.newBlockingStub(channel).export(oneGoodOneDeepOneEmpty()))
        .hasMessageContaining("not now");
    assertLedger(
        "logs",
        "\"received\":3,\"taken\":0,\"rejected\":0,\"empty\":0,\"refused\":3,\"inFlight\":0");
    assertThat(acceptor.metric("sluice_acceptor_records_refused_total", "signal=\"logs\""))
        .isEqualTo(3);
  }

  @Test
  void whatIsNotYetAnsweredIsInFlight() throws Exception {
    writer.onPut(put -> {});
    var unused = TraceServiceGrpc.newFutureStub(channel).export(spans(3, 1));
    FakeWriter.Put put = writer.nextPut();
    assertLedger(
        "traces",
        "\"received\":3,\"taken\":0,\"rejected\":0,\"empty\":0,\"refused\":0,\"inFlight\":3");
    writer.store(put);
    unused.get();
    assertLedger(
        "traces",
        "\"received\":3,\"taken\":3,\"rejected\":0,\"empty\":0,\"refused\":0,\"inFlight\":0");
  }

  private void assertLedger(String signal, String counts) throws Exception {
    assertThat(acceptor.admin("/status"))
        .contains("{\"tenant\":\"default\",\"signal\":\"" + signal + "\"," + counts + "}");
  }

  private static ExportLogsServiceRequest oneGoodOneDeepOneEmpty() {
    AnyValue deep = AnyValue.newBuilder().setStringValue("x").build();
    for (int i = 0; i < 80; i++) {
      deep = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(deep)).build();
    }
    return ExportLogsServiceRequest.newBuilder()
        .addResourceLogs(
            ResourceLogs.newBuilder()
                .addScopeLogs(
                    ScopeLogs.newBuilder()
                        .addLogRecords(LogRecord.newBuilder().setTimeUnixNano(1))
                        .addLogRecords(LogRecord.newBuilder().setBody(deep)))
                .addScopeLogs(ScopeLogs.newBuilder()))
        .build();
  }
}
