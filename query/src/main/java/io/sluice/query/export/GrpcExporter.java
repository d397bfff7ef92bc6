package io.sluice.query.export;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.RetryInfo;
import com.google.rpc.Status;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** OTLP/gRPC: unary Export with bytes that are ready, on a channel of its own. */
public final class GrpcExporter implements Exporter {

  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);
  private static final MethodDescriptor<byte[], byte[]> TRACES = method("trace.v1", "Trace");
  private static final MethodDescriptor<byte[], byte[]> LOGS = method("logs.v1", "Logs");
  private static final MethodDescriptor<byte[], byte[]> METRICS = method("metrics.v1", "Metrics");
  private static final MethodDescriptor<byte[], byte[]> PROFILES =
      method("profiles.v1development", "Profiles");

  private final ManagedChannel channel;
  private final List<Channel> showing;
  private final CallOptions options;
  private final Duration timeout;

  /**
   * Connects when it is first used.
   *
   * @param credentials to an endpoint that speaks TLS
   * @param headers of each request; one of these
   * @param timeout of one attempt
   */
  public GrpcExporter(
      URI endpoint,
      ChannelCredentials credentials,
      List<Map<String, String>> headers,
      boolean gzip,
      Duration timeout) {
    boolean tls = "https".equals(endpoint.getScheme());
    this.channel =
        NettyChannelBuilder.forAddress(
                endpoint.getHost(),
                endpoint.getPort(),
                tls ? credentials : InsecureChannelCredentials.create())
            .directExecutor()
            .build();
    this.showing = headers.stream().map(each -> showing(channel, each)).toList();
    this.options = gzip ? CallOptions.DEFAULT.withCompression("gzip") : CallOptions.DEFAULT;
    this.timeout = timeout;
  }

  @Override
  public void connect(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    ConnectivityState state = channel.getState(true);
    while (state != ConnectivityState.READY && end - System.nanoTime() > 0) {
      CountDownLatch changed = new CountDownLatch(1);
      channel.notifyWhenStateChanged(state, changed::countDown);
      if (!changed.await(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return;
      }
      state = channel.getState(true);
    }
  }

  private static Channel showing(Channel channel, Map<String, String> headers) {
    if (headers.isEmpty()) {
      return channel;
    }
    Metadata metadata = new Metadata();
    headers.forEach(
        (k, v) -> metadata.put(Metadata.Key.of(k, Metadata.ASCII_STRING_MARSHALLER), v));
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
  }

  @Override
  public Answer export(Signal signal, int as, byte[] request) throws InterruptedException {
    MethodDescriptor<byte[], byte[]> method =
        switch (signal) {
          case TRACES -> TRACES;
          case LOGS -> LOGS;
          case METRICS -> METRICS;
          case PROFILES -> PROFILES;
        };
    CallOptions call = options.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS);
    try {
      return PartialSuccess.read(
          ClientCalls.blockingUnaryCall(showing.get(as), method, call, request));
    } catch (StatusRuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("while exporting");
      }
      return failure(e);
    }
  }

  /** The specification's table: RESOURCE_EXHAUSTED is retryable only if the server says when. */
  private static Answer failure(StatusRuntimeException e) {
    String code = e.getStatus().getCode().name();
    String message = String.valueOf(e.getStatus().getDescription());
    Duration after = retryDelay(e.getTrailers());
    Throwable cause = e.getStatus().getCause();
    if (cause != null) { // no server says that: the connection broke
      String why = ConnectionLoss.why(message, cause);
      return new Answer.Again(code, why, Duration.ZERO, ConnectionLoss.was(cause));
    }
    return switch (e.getStatus().getCode()) {
      case CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS ->
          new Answer.Again(code, message, after.isNegative() ? Duration.ZERO : after);
      case RESOURCE_EXHAUSTED ->
          after.isNegative()
              ? new Answer.Refused(code, message)
              : new Answer.Again(code, message, after);
      default -> new Answer.Refused(code, message);
    };
  }

  /** RetryInfo's delay; negative if the trailers have none. */
  private static Duration retryDelay(@Nullable Metadata trailers) {
    byte[] details = trailers == null ? null : trailers.get(DETAILS);
    if (details != null) {
      try {
        for (Any detail : Status.parseFrom(details).getDetailsList()) {
          if (detail.is(RetryInfo.class)) {
            com.google.protobuf.Duration delay = detail.unpack(RetryInfo.class).getRetryDelay();
            return Duration.ofSeconds(delay.getSeconds(), delay.getNanos());
          }
        }
      } catch (InvalidProtocolBufferException e) {
        return Duration.ofNanos(-1);
      }
    }
    return Duration.ofNanos(-1);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static MethodDescriptor<byte[], byte[]> method(String signal, String service) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY)
        .setFullMethodName(
            "opentelemetry.proto.collector.%s.%sService/Export".formatted(signal, service))
        .setRequestMarshaller(Bytes.INSTANCE)
        .setResponseMarshaller(Bytes.INSTANCE)
        .build();
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read response", e);
      }
    }
  }
}
