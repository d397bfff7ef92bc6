package io.sluice.acceptor.receive;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The unary Export method of one signal, with bytes on both sides: no protobuf message is ever
 * parsed here, and no stream of a client can make it throw.
 */
final class OtlpGrpcService {

  private final Signal signal;
  private final RequestHandler handler;
  private final Patience patience;

  OtlpGrpcService(Signal signal, RequestHandler handler, Patience patience) {
    this.signal = signal;
    this.handler = handler;
    this.patience = patience;
  }

  /** Its definition, for requests up to so many bytes, compressed and decompressed. */
  ServerServiceDefinition definition(int limit) {
    String service = name(signal);
    MethodDescriptor<Body, byte[]> method =
        MethodDescriptor.<Body, byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(service + "/Export")
            .setRequestMarshaller(new Requests(limit))
            .setResponseMarshaller(new Responses())
            .build();
    ServerCallHandler<Body, byte[]> calls =
        (call, headers) -> {
          call.request(2); // the second would be one too many, and is answered so
          return new Call(call, Context.current().getDeadline());
        };
    return ServerServiceDefinition.builder(service).addMethod(method, calls).build();
  }

  static String name(Signal signal) {
    return switch (signal) {
      case TRACES -> "opentelemetry.proto.collector.trace.v1.TraceService";
      case LOGS -> "opentelemetry.proto.collector.logs.v1.LogsService";
      case METRICS -> "opentelemetry.proto.collector.metrics.v1.MetricsService";
    };
  }

  /** One call; gRPC calls it back on one thread at a time. */
  private final class Call extends ServerCall.Listener<Body> {
    private final ServerCall<Body, byte[]> call;
    private final @Nullable Deadline deadline;
    private @Nullable Body body;
    private boolean second;

    Call(ServerCall<Body, byte[]> call, @Nullable Deadline deadline) {
      this.call = call;
      this.deadline = deadline;
    }

    @Override
    public void onMessage(Body message) {
      second = body != null;
      body = message;
    }

    @Override
    public void onHalfClose() {
      Body whole = body;
      body = null;
      if (whole == null || second) {
        answer(new Outcome.Malformed("cannot take the call: it has not exactly one message"));
      } else if (whole instanceof Body.TooLarge large) {
        answer(handler.refuse(signal, new Outcome.TooLarge(large.why())));
      } else if (whole instanceof Body.Broken broken) {
        answer(handler.refuse(signal, new Outcome.Malformed(broken.why())));
      } else if (whole instanceof Body.Bytes bytes) {
        long left =
            deadline == null ? -1 : Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
        handler.handle(patience.received(signal, bytes, left), this::answer);
      }
    }

    private void answer(Outcome outcome) {
      if (outcome instanceof Outcome.Stored stored) {
        call.sendHeaders(new Metadata());
        call.sendMessage(OtlpAnswers.of(stored));
        call.close(Status.OK, new Metadata());
      } else {
        GrpcAnswers.Refusal refusal = GrpcAnswers.of(outcome);
        call.close(refusal.status(), refusal.trailers());
      }
    }
  }

  private record Requests(int limit) implements MethodDescriptor.Marshaller<Body> {
    @Override
    public InputStream stream(Body value) {
      throw new UnsupportedOperationException("requests are only received here");
    }

    @Override
    public Body parse(InputStream stream) {
      return Body.read(stream, limit);
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
