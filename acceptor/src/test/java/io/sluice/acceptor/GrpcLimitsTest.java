package io.sluice.acceptor;

import static io.sluice.acceptor.RunningAcceptor.spans;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import com.google.protobuf.ByteString;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.ClientCalls;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.ArrayValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.metrics.v1.Gauge;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import io.opentelemetry.proto.metrics.v1.ScopeMetrics;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the gRPC receiver refuses, with a client that sends bytes as they are. */
final class GrpcLimitsTest {

  private static final int LIMIT = 1 << 20;
  private static final Metadata.Key<RetryInfo> RETRY_INFO =
      ProtoUtils.keyForProto(RetryInfo.getDefaultInstance());
  private static final String TRACES = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final String METRICS =
      "opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
  private static final String LOGS = "opentelemetry.proto.collector.logs.v1.LogsService/Export";

  private FakeWriter writer;
  private RunningAcceptor acceptor;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    writer = new FakeWriter();
    acceptor = open("--otlp.max-request-size=" + LIMIT);
  }

  private RunningAcceptor open(String... flags) throws Exception {
    RunningAcceptor opened = new RunningAcceptor(writer, flags);
    channel = opened.channel();
    return opened;
  }

  private void reopen(String... flags) throws Exception {
    channel.shutdownNow();
    acceptor.close();
    acceptor = open(flags);
  }

  @AfterEach
  void stop() throws Exception {
    channel.shutdownNow();
    acceptor.close();
    writer.close();
  }

  private static MethodDescriptor<byte[], byte[]> method(
      String name, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(name)
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  private static CallOptions options() {
    return CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS);
  }

  private byte[] export(String name, byte[] body, CallOptions options) {
    return ClientCalls.blockingUnaryCall(
        channel, method(name, MethodDescriptor.MethodType.UNARY), options, body);
  }

  private StatusRuntimeException refused(String name, byte[] body, CallOptions options) {
    try {
      export(name, body, options);
    } catch (StatusRuntimeException e) {
      return e;
    }
    throw new AssertionError("it was taken");
  }

  private static void assertPermanent(StatusRuntimeException refused, Status.Code code) {
    assertThat(refused.getStatus().getCode()).isEqualTo(code);
    Metadata trailers = refused.getTrailers();
    assertThat(trailers == null || trailers.get(RETRY_INFO) == null).isTrue();
  }

  private static void assertRetryable(StatusRuntimeException refused, Status.Code code)
      throws IOException {
    assertThat(refused.getStatus().getCode()).isEqualTo(code);
    RetryInfo bare = refused.getTrailers().get(RETRY_INFO);
    assertThat(bare.getRetryDelay().getSeconds() + bare.getRetryDelay().getNanos()).isPositive();
    com.google.rpc.Status details = StatusProto.fromThrowable(refused);
    assertThat(details.getDetails(0).unpack(RetryInfo.class)).isEqualTo(bare);
  }

  @Test
  void tooLargeIsRefusedForGoodPlainOrCompressedAndCounted() throws Exception {
    assertPermanent(
        refused(TRACES, new byte[LIMIT + 1], options()), Status.Code.RESOURCE_EXHAUSTED);
    byte[] bomb = new byte[50 * LIMIT];
    assertPermanent(
        refused(TRACES, bomb, options().withCompression("gzip")), Status.Code.RESOURCE_EXHAUSTED);
    acceptor.awaitRequests("outcome=\"too_large\"", 2);
    assertThat(acceptor.metric("sluice_acceptor_requests_total", "outcome=\"malformed\"")).isZero();
    export(TRACES, spans(1, 1).toByteArray(), options().withCompression("gzip"));
    assertThat(writer.storedRows()).isEqualTo(1);
  }

  @Test
  void largestRequestIsTaken() throws Exception {
    byte[] small = spans(1, 1).toByteArray();
    ExportTraceServiceRequest padded =
        spans(1, 1).toBuilder()
            .setUnknownFields(
                com.google.protobuf.UnknownFieldSet.newBuilder()
                    .addField(
                        99,
                        com.google.protobuf.UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(
                                ByteString.copyFrom(new byte[LIMIT - small.length - 5]))
                            .build())
                    .build())
            .build();
    assertThat(padded.getSerializedSize()).isEqualTo(LIMIT);
    export(TRACES, padded.toByteArray(), options().withCompression("gzip"));
    export(TRACES, padded.toByteArray(), options());
    assertThat(writer.storedRows()).isEqualTo(1);
  }

  @Test
  void malformedIsInvalidWithWhatAndWhere() {
    byte[] whole = spans(3, 1).toByteArray();
    StatusRuntimeException refused = refused(TRACES, Arrays.copyOf(whole, 40), options());
    assertPermanent(refused, Status.Code.INVALID_ARGUMENT);
    assertThat(refused.getStatus().getDescription()).contains("at byte");
    assertThat(writer.storedBatches()).isZero();
  }

  /** A codec by another's name. */
  private record Codec(String name, boolean zstd) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return name;
    }

    @Override
    public OutputStream compress(OutputStream out) throws IOException {
      return zstd ? new ZstdOutputStream(out) : out;
    }
  }

  private void speaking(Codec codec) {
    CompressorRegistry codecs = CompressorRegistry.newEmptyInstance();
    codecs.register(codec);
    channel.shutdownNow();
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", acceptor.service().grpcPort())
            .usePlaintext()
            .compressorRegistry(codecs)
            .build();
  }

  @Test
  void whatIsNotGzipIsInvalid() {
    speaking(new Codec("gzip", false));
    StatusRuntimeException refused =
        refused(TRACES, spans(3, 1).toByteArray(), options().withCompression("gzip"));
    assertPermanent(refused, Status.Code.INVALID_ARGUMENT);
    assertThat(refused.getStatus().getDescription()).contains("decompress");
  }

  @Test
  void zstdIsReadWithinTheSameLimit() {
    speaking(new Codec("zstd", true));
    export(TRACES, spans(3, 1).toByteArray(), options().withCompression("zstd"));
    assertThat(writer.storedRows()).isEqualTo(3);
    assertPermanent(
        refused(TRACES, new byte[50 * LIMIT], options().withCompression("zstd")),
        Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void otherThanOneMessageIsInvalid() throws Exception {
    MethodDescriptor<byte[], byte[]> streaming =
        method(TRACES, MethodDescriptor.MethodType.BIDI_STREAMING);
    for (int messages : new int[] {0, 2, 3, 20}) {
      CompletableFuture<Status> closed = new CompletableFuture<>();
      ClientCall<byte[], byte[]> call = channel.newCall(streaming, options());
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onClose(Status status, Metadata trailers) {
              closed.complete(status);
            }
          },
          new Metadata());
      for (int i = 0; i < messages; i++) {
        call.sendMessage(spans(1, i).toByteArray());
      }
      call.halfClose();
      assertThat(closed.get(60, TimeUnit.SECONDS).getCode())
          .isEqualTo(Status.Code.INVALID_ARGUMENT);
    }
    assertThat(writer.storedBatches()).isZero();
  }

  @Test
  void unknownServicesAndMethodsAreUnimplemented() {
    String profiles =
        "opentelemetry.proto.collector.profiles.v1experimental.ProfilesService/Export";
    for (String name : new String[] {profiles, TRACES + "2"}) {
      assertThat(refused(name, new byte[0], options()).getStatus().getCode())
          .isEqualTo(Status.Code.UNIMPLEMENTED);
    }
  }

  @Test
  void noWriterIsRetryableInBothTrailers() throws Exception {
    reopen("--otlp.grpc.patience=100ms");
    writer.stop();
    assertRetryable(
        refused(TRACES, spans(1, 1).toByteArray(), CallOptions.DEFAULT), Status.Code.UNAVAILABLE);
  }

  @Test
  void recordsNestedTooDeepAreRejectedAndCounted() throws Exception {
    AnyValue deep = AnyValue.newBuilder().setStringValue("x").build();
    for (int i = 0; i < 80; i++) {
      deep = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(deep)).build();
    }
    LogRecord.Builder good = LogRecord.newBuilder().setTimeUnixNano(1);
    LogRecord bad = LogRecord.newBuilder().setBody(deep).build();
    byte[] body =
        ExportLogsServiceRequest.newBuilder()
            .addResourceLogs(
                ResourceLogs.newBuilder()
                    .addScopeLogs(
                        ScopeLogs.newBuilder()
                            .addLogRecords(bad)
                            .addLogRecords(good)
                            .addLogRecords(bad)))
            .build()
            .toByteArray();
    ExportLogsServiceResponse response =
        ExportLogsServiceResponse.parseFrom(export(LOGS, body, options()));
    assertThat(response.getPartialSuccess().getRejectedLogRecords()).isEqualTo(2);
    assertThat(response.getPartialSuccess().getErrorMessage()).contains("64 levels");
    assertThat(writer.storedRows()).isEqualTo(1);
    assertThat(acceptor.metric("sluice_acceptor_records_rejected_total", "signal=\"logs\""))
        .isEqualTo(2);
  }

  @Test
  void rejectedSpansAndDataPointsAreCountedExactly() throws Exception {
    AnyValue deep = AnyValue.newBuilder().setStringValue("x").build();
    for (int i = 0; i < 80; i++) {
      deep = AnyValue.newBuilder().setArrayValue(ArrayValue.newBuilder().addValues(deep)).build();
    }
    KeyValue attribute = KeyValue.newBuilder().setKey("k").setValue(deep).build();
    Span span = Span.newBuilder().setName("s").build();
    Span badSpan = Span.newBuilder().addAttributes(attribute).build();
    ScopeSpans.Builder spans = ScopeSpans.newBuilder().addSpans(span);
    NumberDataPoint point = NumberDataPoint.newBuilder().setAsInt(1).build();
    NumberDataPoint badPoint = NumberDataPoint.newBuilder().addAttributes(attribute).build();
    Gauge.Builder gauge = Gauge.newBuilder().addDataPoints(point);
    for (int i = 0; i < 3; i++) {
      spans.addSpans(badSpan);
      gauge.addDataPoints(badPoint);
    }
    ExportTraceServiceRequest traces =
        ExportTraceServiceRequest.newBuilder()
            .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(spans))
            .build();
    ExportTraceServiceResponse ofTraces =
        ExportTraceServiceResponse.parseFrom(export(TRACES, traces.toByteArray(), options()));
    assertThat(ofTraces.getPartialSuccess().getRejectedSpans()).isEqualTo(3);
    assertThat(ofTraces.getPartialSuccess().getErrorMessage()).contains("64 levels");
    ExportMetricsServiceRequest metrics =
        ExportMetricsServiceRequest.newBuilder()
            .addResourceMetrics(
                ResourceMetrics.newBuilder()
                    .addScopeMetrics(
                        ScopeMetrics.newBuilder()
                            .addMetrics(Metric.newBuilder().setName("g").setGauge(gauge))))
            .build();
    ExportMetricsServiceResponse ofMetrics =
        ExportMetricsServiceResponse.parseFrom(export(METRICS, metrics.toByteArray(), options()));
    assertThat(ofMetrics.getPartialSuccess().getRejectedDataPoints()).isEqualTo(3);
    assertThat(ofMetrics.getPartialSuccess().getErrorMessage()).contains("64 levels");
    assertThat(writer.storedRows()).isEqualTo(2);
  }

  @Test
  void beyondTheBudgetIsRetryableAndALargeRequestIsAdmittedAlone() throws Exception {
    reopen("--otlp.max-in-flight=100", "--otlp.admission-wait=50ms");
    byte[] large = spans(10, 1).toByteArray();
    writer.onPut(put -> {});
    var first =
        ClientCalls.futureUnaryCall(
            channel.newCall(method(TRACES, MethodDescriptor.MethodType.UNARY), options()), large);
    FakeWriter.Put held = writer.nextPut();
    assertRetryable(
        refused(TRACES, spans(1, 2).toByteArray(), options()), Status.Code.RESOURCE_EXHAUSTED);
    writer.onPut(writer::store);
    writer.store(held);
    first.get(60, TimeUnit.SECONDS);
    reopen("--otlp.max-in-flight=100", "--otlp.admission-wait=60s");
    for (int i = 0; i < 5; i++) {
      export(TRACES, spans(10, i).toByteArray(), options());
    }
    assertThat(writer.storedRows()).isEqualTo(50);
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
