package io.sluice.acceptor.receive;

import io.grpc.Context;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Objects;

/**
 * The unary Export method of one signal, with bytes on both sides: no protobuf message is ever
 * parsed here, and no stream of a client can make it throw.
 */
final class OtlpGrpcService {

  private final Signal signal;
  private final RequestHandler requests;
  private final Patience patience;
  private final GrpcEncodings encodings;

  OtlpGrpcService(
      Signal signal, RequestHandler requests, Patience patience, GrpcEncodings encodings) {
    this.signal = signal;
    this.requests = requests;
    this.patience = patience;
    this.encodings = encodings;
  }

  /** Its definition, for requests up to so many bytes, compressed and decompressed. */
  ServerServiceDefinition definition(int limit) {
    String service = name(signal);
    MethodDescriptor<Body, byte[]> method =
        MethodDescriptor.<Body, byte[]>newBuilder()
            // unary on the wire; called so, gRPC would cancel a second message before we can say
            // why
            .setType(MethodDescriptor.MethodType.CLIENT_STREAMING)
            .setFullMethodName(method(signal))
            .setRequestMarshaller(new Requests(signal, requests, limit))
            .setResponseMarshaller(new Responses())
            .build();
    ServerCallHandler<Body, byte[]> calls =
        (grpc, headers) -> {
          GrpcInbound inbound = GrpcInbound.KEY.get();
          Outcome why = inbound.admitted().refused();
          if (why != null) {
            return refused(
                grpc, GrpcAnswers.of(requests.refuse(new Came(Came.Door.GRPC, "", signal), why)));
          }
          if (inbound.encoding() == null) {
            requests.refuse(Came.Door.GRPC, signal, Ledger.Head.WRONG_ENCODING);
            return refused(grpc, encodings.refusal(inbound.encodingName()));
          }
          GrpcCall call =
              new GrpcCall(
                  new Came(
                      Came.Door.GRPC, Objects.requireNonNull(inbound.admitted().tenant()), signal),
                  requests,
                  patience,
                  grpc,
                  inbound,
                  Context.current().getDeadline());
          call.begin();
          return call;
        };
    return ServerServiceDefinition.builder(service).addMethod(method, calls).build();
  }

  private static ServerCall.Listener<Body> refused(
      ServerCall<Body, byte[]> grpc, GrpcAnswers.Refusal refusal) {
    grpc.close(refusal.status(), refusal.trailers());
    return new ServerCall.Listener<>() {};
  }

  /** The full name of its method. */
  static String method(Signal signal) {
    return name(signal) + "/Export";
  }

  static String name(Signal signal) {
    return switch (signal) {
      case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService";
      case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService";
      case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService";
      case PROFILES -> "opentelemetry.proto.collector.profiles.v1development.ProfilesService";
    };
  }

  /** Reads in the context of the call. */
  private record Requests(Signal signal, RequestHandler requests, int limit)
      implements MethodDescriptor.Marshaller<Body> {
    @Override
    public InputStream stream(Body value) {
      throw new UnsupportedOperationException("requests are only received here");
    }

    /** Of grpc-java's two streams, that of a plain message knows its length. */
    @Override
    public Body parse(InputStream stream) {
      GrpcInbound inbound = GrpcInbound.KEY.get();
      try {
        inbound.read(!(stream instanceof KnownLength));
        return Body.read(stream, limit, inbound.held());
      } catch (Throwable e) { // grpc-java would answer UNKNOWN, and clients drop the data
        return new Body.None(requests.failed(signal, e));
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
