package io.sluice.bench.hostile;

import io.grpc.CallOptions;
import io.grpc.Codec;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Calls over gRPC that are not to be taken, all on one connection. */
final class GrpcShots implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 10;
  private static final int TOO_LARGE = 66 << 20;
  private static final String TRACES = "opentelemetry.proto.collector.trace.v1.TraceService/Export";
  private static final String LOGS = "opentelemetry.proto.collector.logs.v1.LogsService/Export";

  private final ManagedChannel channel;

  GrpcShots(InetSocketAddress address) {
    CompressorRegistry ready = CompressorRegistry.newEmptyInstance();
    ready.register(new Ready("gzip"));
    ready.register(new Ready("zstd"));
    ready.register(new Ready("snappy"));
    ready.register(Codec.Identity.NONE);
    channel =
        NettyChannelBuilder.forAddress(address).usePlaintext().compressorRegistry(ready).build();
  }

  List<Shot> all(byte[] beyondLimit, byte[] emptyRecords) {
    double bomb = Bombardment.BOMB_SECONDS;
    double wrong = Bombardment.WRONG_SECONDS;
    byte[] malformed = Payloads.malformed();
    return List.of(
        call("grpc gzip bomb", bomb, TRACES, "gzip", Payloads.gzip(beyondLimit)),
        call("grpc zstd bomb", bomb, TRACES, "zstd", Payloads.zstd(beyondLimit)),
        call("grpc item bomb", bomb, LOGS, "gzip", Payloads.gzip(emptyRecords)),
        call("grpc oversize", Bombardment.OVERSIZE_SECONDS, LOGS, "identity", new byte[TOO_LARGE]),
        call("grpc malformed", wrong, TRACES, "identity", malformed),
        call("grpc not zstd", wrong, TRACES, "zstd", malformed),
        call("grpc encoding", wrong, TRACES, "snappy", malformed),
        call("grpc method", wrong, "no.such.Service/Export", "identity", malformed));
  }

  private Shot call(String name, double every, String path, String encoding, byte[] message) {
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(path)
            .setRequestMarshaller(Bytes.INSTANCE)
            .setResponseMarshaller(Bytes.INSTANCE)
            .build();
    CallOptions options = CallOptions.DEFAULT.withCompression(encoding);
    return new Shot(name, every, () -> send(method, options, message));
  }

  private String send(
      MethodDescriptor<byte[], byte[]> method, CallOptions options, byte[] message) {
    CallOptions bounded = options.withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS);
    try {
      ClientCalls.blockingUnaryCall(channel, method, bounded, message);
      return "OK";
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode().name();
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** What it is given is compressed already. */
  private record Ready(String encoding) implements Compressor {
    @Override
    public String getMessageEncoding() {
      return encoding;
    }

    @Override
    public OutputStream compress(OutputStream out) {
      return out;
    }
  }

  private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
    INSTANCE;

    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      return new byte[0];
    }
  }
}
