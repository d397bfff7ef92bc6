package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One log takes nothing, for as long as anybody waits: the others do not notice. */
@Timeout(300)
final class HangingLogTest {

  private static final int LOGS = 3;
  private static final int HANGING = 0;

  private FakeCluster cluster;
  private RunningAcceptor acceptor;
  private ManagedChannel channel;
  private ManagedChannel other;
  private long seed;

  @BeforeEach
  void start() throws Exception {
    cluster = new FakeCluster(3, LOGS);
    cluster.suspend(HANGING);
    acceptor =
        new RunningAcceptor(
            cluster.writer(0),
            "--writers=" + cluster.list(),
            "--logs=" + LOGS,
            "--otlp.max-in-flight=2MiB",
            "--otlp.grpc.max-calls-per-connection=1000",
            "--otlp.grpc.patience=60s");
    channel = acceptor.channel();
    other = acceptor.channel();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    other.shutdownNow();
    acceptor.close();
    cluster.close();
  }

  private ExportTraceServiceRequest nextOf(boolean hanging, int rows) {
    while (true) {
      ExportTraceServiceRequest request = spans(rows, ++seed);
      byte[] bytes = request.toByteArray();
      BatchId id =
          BatchId.of(
              "default",
              Table.TRACES,
              BatchId.Encoding.PROTOBUF,
              0,
              BatchId.ofBody(bytes, 0, bytes.length));
      if ((id.log(LOGS) == HANGING) == hanging) {
        return request;
      }
    }
  }

  private static ListenableFuture<ExportTraceServiceResponse> export(
      ManagedChannel channel, ExportTraceServiceRequest request) {
    return TraceServiceGrpc.newFutureStub(channel).export(request);
  }

  private double held() throws Exception {
    return acceptor.metric("sluice_forward_held_bytes", "log=\"" + HANGING + "\"");
  }

  private void assertTheOthersGoOn() throws Exception {
    List<ListenableFuture<ExportTraceServiceResponse>> answers = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      answers.add(export(other, nextOf(false, 500)));
      if (answers.size() == 3) { // less than their share at a time
        for (ListenableFuture<ExportTraceServiceResponse> answer : answers) {
          assertThat(answer.get(60, TimeUnit.SECONDS).getPartialSuccess().getRejectedSpans())
              .isZero();
        }
        answers.clear();
      }
    }
  }

  @Test
  void othersGoOnWhileOneLogHoldsNoMoreThanItsPart() throws Exception {
    List<ListenableFuture<ExportTraceServiceResponse>> hanging = new ArrayList<>();
    while (hanging.stream().noneMatch(Future::isDone)) { // until it has all that it may have
      double before = held();
      ListenableFuture<ExportTraceServiceResponse> next = export(channel, nextOf(true, 500));
      hanging.add(next);
      while (!next.isDone() && held() == before) {
        LockSupport.parkNanos(1_000_000);
      }
    }
    assertTheOthersGoOn();
    assertThat(hanging).as("some still wait").anyMatch(answer -> !answer.isDone());
    cluster.elect(HANGING, 1);
    int stored = 0;
    for (ListenableFuture<ExportTraceServiceResponse> answer : hanging) {
      try {
        answer.get(60, TimeUnit.SECONDS);
        stored++;
      } catch (ExecutionException e) {
        Status.Code code = ((StatusRuntimeException) e.getCause()).getStatus().getCode();
        assertThat(code).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.UNAVAILABLE);
      }
    }
    assertThat(stored).isPositive();
  }

  /** Nobody has answered for longer than an election takes: who comes now is told at once. */
  @Test
  void whoComesWhenALogIsLongAwayIsToldToComeAgain() throws Exception {
    ListenableFuture<ExportTraceServiceResponse> first = export(channel, nextOf(true, 1));
    Status told = Status.OK;
    List<ListenableFuture<ExportTraceServiceResponse>> waiting = new ArrayList<>();
    while (told.isOk()) {
      ListenableFuture<ExportTraceServiceResponse> next = export(channel, nextOf(true, 1));
      waiting.add(next);
      try {
        next.get(100, TimeUnit.MILLISECONDS);
      } catch (java.util.concurrent.TimeoutException e) {
        // it may wait as yet
      } catch (ExecutionException e) {
        told = ((StatusRuntimeException) e.getCause()).getStatus();
      }
    }
    assertThat(told.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(told.getDescription()).isEqualTo("no Writer answers for log 0");
    assertThat(first).isNotDone();
    assertTheOthersGoOn();
    cluster.elect(HANGING, 2);
    first.get(60, TimeUnit.SECONDS);
    export(channel, nextOf(true, 1)).get(60, TimeUnit.SECONDS);
  }
}
