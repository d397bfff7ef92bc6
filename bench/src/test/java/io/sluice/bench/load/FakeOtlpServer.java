package io.sluice.bench.load;

import com.google.protobuf.Any;
import com.google.rpc.RetryInfo;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceResponse;
import io.opentelemetry.proto.collector.profiles.v1development.ProfilesServiceGrpc;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** A real gRPC server that keeps what it is told to keep, and answers as it is told. */
final class FakeOtlpServer implements AutoCloseable {

  /** What to do with the n-th request it gets. */
  interface Script {
    Reply reply(int number);
  }

  enum Reply {
    STORE,
    STORE_BUT_LOSE_THE_ANSWER,
    UNAVAILABLE,
    EXHAUSTED_WITH_RETRY_INFO,
    EXHAUSTED,
    INVALID
  }

  /** A request that was kept. */
  record Stored(Signal signal, byte[] bytes) {}

  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of("x-scope-orgid", Metadata.ASCII_STRING_MARSHALLER);

  private final Script script;
  private final List<String> tenants = new ArrayList<>();
  private final List<Stored> stored = new ArrayList<>();
  private final Server server;
  private int requests;

  FakeOtlpServer(Script script) throws IOException {
    this.script = script;
    this.server =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .maxInboundMessageSize(64 << 20)
            .addService(traces())
            .addService(logs())
            .addService(metrics())
            .addService(profiles())
            .intercept(noteTenants())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  /** What each request named in X-Scope-OrgID, in their order; "" for none. */
  List<String> tenants() {
    synchronized (tenants) {
      return List.copyOf(tenants);
    }
  }

  private ServerInterceptor noteTenants() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String tenant = headers.get(TENANT);
        synchronized (tenants) {
          tenants.add(tenant == null ? "" : tenant);
        }
        return next.startCall(call, headers);
      }
    };
  }

  synchronized List<Stored> stored() {
    return List.copyOf(stored);
  }

  private synchronized <T> void answer(
      Signal signal, byte[] bytes, T response, StreamObserver<T> call) {
    Reply reply = script.reply(requests++);
    switch (reply) {
      case STORE -> {
        stored.add(new Stored(signal, bytes));
        call.onNext(response);
        call.onCompleted();
      }
      case STORE_BUT_LOSE_THE_ANSWER -> {
        stored.add(new Stored(signal, bytes));
        call.onError(new StatusRuntimeException(Status.UNAVAILABLE));
      }
      case UNAVAILABLE -> call.onError(new StatusRuntimeException(Status.UNAVAILABLE));
      case EXHAUSTED_WITH_RETRY_INFO -> call.onError(withRetryInfo());
      case EXHAUSTED -> call.onError(new StatusRuntimeException(Status.RESOURCE_EXHAUSTED));
      case INVALID ->
          call.onError(
              new StatusRuntimeException(
                  Status.INVALID_ARGUMENT.withDescription("no"), new Metadata()));
    }
  }

  private static StatusRuntimeException withRetryInfo() {
    RetryInfo info =
        RetryInfo.newBuilder()
            .setRetryDelay(com.google.protobuf.Duration.newBuilder().setNanos(345_000_000))
            .build();
    return StatusProto.toStatusRuntimeException(
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
            .addDetails(Any.pack(info))
            .build());
  }

  private BindableService traces() {
    return new TraceServiceGrpc.TraceServiceImplBase() {
      @Override
      public void export(
          ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> call) {
        answer(
            Signal.TRACES,
            request.toByteArray(),
            ExportTraceServiceResponse.getDefaultInstance(),
            call);
      }
    };
  }

  private BindableService logs() {
    return new LogsServiceGrpc.LogsServiceImplBase() {
      @Override
      public void export(
          ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> call) {
        answer(
            Signal.LOGS,
            request.toByteArray(),
            ExportLogsServiceResponse.getDefaultInstance(),
            call);
      }
    };
  }

  private BindableService metrics() {
    return new MetricsServiceGrpc.MetricsServiceImplBase() {
      @Override
      public void export(
          ExportMetricsServiceRequest request, StreamObserver<ExportMetricsServiceResponse> call) {
        answer(
            Signal.METRICS,
            request.toByteArray(),
            ExportMetricsServiceResponse.getDefaultInstance(),
            call);
      }
    };
  }

  private BindableService profiles() {
    return new ProfilesServiceGrpc.ProfilesServiceImplBase() {
      @Override
      public void export(
          ExportProfilesServiceRequest request,
          StreamObserver<ExportProfilesServiceResponse> call) {
        answer(
            Signal.PROFILES,
            request.toByteArray(),
            ExportProfilesServiceResponse.getDefaultInstance(),
            call);
      }
    };
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
