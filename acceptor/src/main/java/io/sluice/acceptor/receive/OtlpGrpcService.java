package io.sluice.acceptor.receive;

import io.grpc.Context;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/**
 * The unary Export method of one signal, with bytes on both sides: no protobuf message is ever
 * parsed here, and no stream of a client can make it throw.
 */
final class OtlpGrpcService {

  private static final String EXPORT = "/Export";

  private final Signal signal;
  private final RequestHandler requests;
  private final Patience patience;

  OtlpGrpcService(Signal signal, RequestHandler requests, Patience patience) {
    this.signal = signal;
    this.requests = requests;
    this.patience = patience;
  }

  /** Its definition, for requests up to so many bytes, compressed and decompressed. */
  ServerServiceDefinition definition(int limit) {
    String service = name(signal);
    MethodDescriptor<Body, byte[]> method =
        MethodDescriptor.<Body, byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(service + EXPORT)
            .setRequestMarshaller(new Requests(signal, requests, limit))
            .setResponseMarshaller(new Responses())
            .build();
    ServerCallHandler<Body, byte[]> calls =
        (grpc, headers) -> {
          GrpcCall call =
              new GrpcCall(
                  signal,
                  requests,
                  patience,
                  grpc,
                  GrpcInbound.KEY.get(),
                  Context.current().getDeadline());
          call.begin();
          return call;
        };
    return ServerServiceDefinition.builder(service).addMethod(method, calls).build();
  }

  /** Whether it is the full name of one of these methods. */
  static boolean isExport(String method) {
    for (Signal signal : Signal.values()) {
      if (method.equals(name(signal) + EXPORT)) {
        return true;
      }
    }
    return false;
  }

  static String name(Signal signal) {
    return switch (signal) {
      case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService";
      case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService";
      case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService";
    };
  }

  /** Reads in the context of the call. */
  private record Requests(Signal signal, RequestHandler requests, int limit)
      implements MethodDescriptor.Marshaller<Body> {
    @Override
    public InputStream stream(Body value) {
      throw new UnsupportedOperationException("requests are only received here");
    }

    /** A plain message leaves its pieces as it is read; a compressed one is copied first. */
    @Override
    public Body parse(InputStream stream) {
      GrpcInbound inbound = GrpcInbound.KEY.get();
      boolean plain = stream instanceof KnownLength;
      try {
        if (plain) {
          inbound.read();
        }
        return Body.read(stream, limit, inbound.held());
      } catch (Throwable e) { // grpc-java would answer UNKNOWN, and clients drop the data
        return new Body.None(requests.failed(signal, e));
      } finally {
        if (!plain) {
          inbound.read();
        }
      }
    }
  }

  private static final class Responses implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      throw new UnsupportedOperationException("responses are only sent here");
    }
  }
}
