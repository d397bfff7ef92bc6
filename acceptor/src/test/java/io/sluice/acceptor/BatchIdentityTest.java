package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogram;
import io.opentelemetry.proto.metrics.v1.ExponentialHistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Histogram;
import io.opentelemetry.proto.metrics.v1.HistogramDataPoint;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.metrics.v1.Sum;
import io.opentelemetry.proto.metrics.v1.Summary;
import io.opentelemetry.proto.metrics.v1.SummaryDataPoint;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the Writer recognises as the same, end to end. */
final class BatchIdentityTest {

  private FakeWriter writer;
  private RunningAcceptor acceptor;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer);
    channel = acceptor.channel();
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    acceptor.close();
    writer.close();
  }

  private void export(ExportTraceServiceRequest request) {
    TraceServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .export(request);
  }

  private void loseTheFirst() {
    writer.onPut(
        put -> {
          writer.onPut(writer::store);
          put.loseStream();
        });
  }

  @Test
  void whatDoesNotIdentifyItselfIsSaltedOncePerReceivedRequest() throws Exception {
    ExportTraceServiceRequest.Builder request = spans(1, 1).toBuilder();
    request
        .getResourceSpansBuilder(0)
        .getScopeSpansBuilder(0)
        .getSpansBuilder(0)
        .setSpanId(ByteString.EMPTY);
    loseTheFirst();
    export(request.build());
    export(request.build());
    List<BatchId> first = writer.nextPut().ids();
    assertThat(writer.nextPut().ids()).describedAs("sent again").isEqualTo(first);
    assertThat(writer.nextPut().ids()).describedAs("received again").isNotEqualTo(first);
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  @Test
  void whatIdentifiesItselfIsNotSalted() throws Exception {
    loseTheFirst();
    export(spans(1, 1));
    export(spans(1, 1));
    List<BatchId> first = writer.nextPut().ids();
    assertThat(writer.nextPut().ids()).isEqualTo(first);
    assertThat(writer.nextPut().ids()).isEqualTo(first);
    assertThat(writer.storedRows()).isEqualTo(1);
  }

  /** Its clients' repeats are stored again, but not what the Acceptor itself sends again. */
  @Test
  void tenantWhoseRepeatsAreNotSuppressedIsSaltedWhateverItSends() throws Exception {
    stop();
    writer = new FakeWriter();
    acceptor = new RunningAcceptor(writer, "--dedup.off-tenants=other,default");
    channel = acceptor.channel();
    loseTheFirst();
    export(spans(1, 1));
    export(spans(1, 1));
    List<BatchId> first = writer.nextPut().ids();
    assertThat(writer.nextPut().ids()).describedAs("sent again").isEqualTo(first);
    assertThat(writer.nextPut().ids()).describedAs("received again").isNotEqualTo(first);
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  @Test
  void refusalIsNotRememberedAndTheSameSentAgainIsStored() {
    writer.onPut(put -> put.answer(PutAnswer.malformed(put.metadata().sequence(), "not now")));
    assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> export(spans(2, 1))))
        .isNotNull();
    writer.onPut(writer::store);
    export(spans(2, 1));
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  /** Half of a request was stored when it was refused: that half is recognised, the rest stored. */
  @Test
  void repeatOfAHalfStoredRequestStoresTheOtherHalf() throws Exception {
    writer.onPut(
        put -> {
          if (put.path().contains("metrics_sum")) {
            put.answer(PutAnswer.malformed(put.metadata().sequence(), "not now"));
          } else {
            writer.store(put);
          }
        });
    assertThat(
            catchThrowableOfType(
                StatusRuntimeException.class, () -> metrics(60).export(fiveKinds())))
        .isNotNull();
    assertThat(writer.storedBatches()).isEqualTo(4);
    writer.onPut(writer::store);
    metrics(60).export(fiveKinds());
    assertThat(writer.storedBatches()).isEqualTo(5);
    assertThat(writer.storedRows()).isEqualTo(5);
    assertThat(acceptor.metric("sluice_forward_repeats_total")).isEqualTo(4);
  }

  /** The counts are of the bytes and the limits alone; nobody keeps them. */
  @Test
  void partialSuccessOfARepeatHasTheSameCounts() {
    AnyValue deep = AnyValue.newBuilder().setStringValue("x").build();
    for (int i = 0; i < 80; i++) {
      deep = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(deep)).build();
    }
    ExportTraceServiceRequest.Builder request = spans(3, 1).toBuilder();
    request
        .getResourceSpansBuilder(0)
        .getScopeSpansBuilder(0)
        .getSpansBuilder(1)
        .addAttributes(KeyValue.newBuilder().setKey("k").setValue(deep));
    TraceServiceGrpc.TraceServiceBlockingStub traces =
        TraceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    ExportTraceServiceResponse first = traces.export(request.build());
    ExportTraceServiceResponse again = traces.export(request.build());
    assertThat(first.getPartialSuccess().getRejectedSpans()).isEqualTo(1);
    assertThat(again).isEqualTo(first);
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  private static ExportMetricsServiceRequest fiveKinds() {
    NumberDataPoint number = NumberDataPoint.newBuilder().setTimeUnixNano(5).build();
    return ExportMetricsServiceRequest.newBuilder()
        .addResourceMetrics(
            ResourceMetrics.newBuilder()
                .addScopeMetrics(
                    ScopeMetrics.newBuilder()
                        .addMetrics(
                            Metric.newBuilder().setGauge(Gauge.newBuilder().addDataPoints(number)))
                        .addMetrics(
                            Metric.newBuilder().setSum(Sum.newBuilder().addDataPoints(number)))
                        .addMetrics(
                            Metric.newBuilder()
                                .setHistogram(
                                    Histogram.newBuilder()
                                        .addDataPoints(
                                            HistogramDataPoint.newBuilder().setTimeUnixNano(5))))
                        .addMetrics(
                            Metric.newBuilder()
                                .setExponentialHistogram(
                                    ExponentialHistogram.newBuilder()
                                        .addDataPoints(
                                            ExponentialHistogramDataPoint.newBuilder()
                                                .setTimeUnixNano(5))))
                        .addMetrics(
                            Metric.newBuilder()
                                .setSummary(
                                    Summary.newBuilder()
                                        .addDataPoints(
                                            SummaryDataPoint.newBuilder().setTimeUnixNano(5))))))
        .build();
  }

  private MetricsServiceGrpc.MetricsServiceBlockingStub metrics(long seconds) {
    return MetricsServiceGrpc.newBlockingStub(channel).withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  @Test
  void fiveKindsOfMetricsAreFiveBatches() throws Exception {
    metrics(60).export(fiveKinds());
    Set<BatchId> ids = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      ids.addAll(writer.nextPut().ids());
    }
    assertThat(ids).hasSize(5);
    assertThat(writer.storedBatches()).isEqualTo(5);
  }

  @Test
  void requestWithOneBatchRefusedIsNotStored() {
    writer.onPut(
        put -> {
          if (put.path().contains("metrics_sum")) {
            put.answer(PutAnswer.refused(put.metadata().sequence(), 600_000, "the disk is full"));
          } else {
            writer.store(put);
          }
        });
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> metrics(60).export(fiveKinds()));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains("the disk is full");
    writer.onPut(writer::store);
  }

  @Test
  void writerThatDoesNotLeadIsUnavailable() {
    writer.onPut(
        put ->
            put.answer(
                new PutAnswer(
                    PutAnswer.Status.NOT_LEADER,
                    PutAnswer.Want.ROOM,
                    put.metadata().sequence(),
                    600_000,
                    List.of(),
                    "")));
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> export(spans(1, 1)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void batchThatTheWriterCannotReadIsUnavailable() throws Exception {
    writer.onPut(put -> put.answer(PutAnswer.malformed(put.metadata().sequence(), "what is it?")));
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> export(spans(1, 1)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(refused.getStatus().getDescription()).contains("what is it?");
    assertThat(acceptor.metric("sluice_forward_malformed_total")).isEqualTo(1);
  }

  /** A second before the deadline it gives up: else the client's own clock would end the call. */
  @Test
  void deadlineOfTheClientBoundsTheRetry() {
    writer.onPut(put -> {});
    StatusRuntimeException refused =
        catchThrowableOfType(
            StatusRuntimeException.class,
            () ->
                TraceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(3, TimeUnit.SECONDS)
                    .export(spans(1, 1)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }
}
