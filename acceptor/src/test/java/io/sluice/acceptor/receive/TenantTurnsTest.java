package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.forward.Delivery;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.security.TenantLimits;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.Telemetry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A tenant's gRPC call is decoded before what another tenant sent much of. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TenantTurnsTest {

  private static final int FLOOD = 60;
  private static final Metadata.Key<String> TENANT =
      Metadata.Key.of("x-scope-orgid", Metadata.ASCII_STRING_MARSHALLER);

  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
  private final java.util.concurrent.ExecutorService large = Executors.newSingleThreadExecutor();
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final BufferAllocator allocator = new RootAllocator();
  private final ColumnsPool pool = new ColumnsPool(allocator, 1, 4, 1 << 20);
  private final Telemetry telemetry = new Telemetry("test");
  private final Lanes lanes = new Lanes(worker, large, System::nanoTime);
  private final List<String> decoded = Collections.synchronizedList(new ArrayList<>());
  private final Tenants tenants = new Tenants(10, tenant -> false);
  private volatile TenantLimits limits = TenantLimits.NONE;
  private final Allowances allowances =
      new Allowances(tenants, tenant -> limits, () -> 0, telemetry);
  private final RequestHandler handler =
      new RequestHandler(
          ReceiverHarness.LIMITS,
          DecodeLimits.DEFAULT,
          pool,
          batch -> {
            decoded.add(batch.tenant());
            batch.free().run();
            return CompletableFuture.completedFuture(new Delivery.Stored(false));
          },
          telemetry,
          lanes,
          timer,
          InstantSource.system(),
          System::nanoTime,
          new Identity(Set.of()),
          allowances,
          UUID::randomUUID,
          () -> 0.5);

  @AfterEach
  void close() throws Exception {
    handler.close();
    pool.close();
    allocator.close();
    telemetry.close();
    worker.shutdownNow();
    large.shutdownNow();
    timer.shutdownNow();
  }

  private static ExportTraceServiceRequest request(int number) {
    Span span =
        Span.newBuilder().setName("span " + number).setStartTimeUnixNano(number + 1).build();
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder().addScopeSpans(ScopeSpans.newBuilder().addSpans(span)))
        .build();
  }

  private static Future<?> send(ManagedChannel channel, String tenant, int number) {
    Metadata headers = new Metadata();
    headers.put(TENANT, tenant);
    return TraceServiceGrpc.newFutureStub(
            ClientInterceptors.intercept(
                channel, MetadataUtils.newAttachHeadersInterceptor(headers)))
        .export(request(number));
  }

  private OtlpGrpcServer server() throws Exception {
    return new OtlpGrpcServer(
        BindAddress.parse("127.0.0.1"),
        0,
        ServerTls.PLAIN,
        new Admission(Access.open(true), tenants, allowances),
        ReceiverHarness.LIMITS,
        ConnectionTimes.DEFAULT,
        new SlowCalls(BodyPace.Least.DEFAULT, timer, System::nanoTime),
        ContentEncodings.load(),
        handler,
        telemetry,
        lanes);
  }

  @Test
  void requestsLetInTogetherAreRefusedOnceThoseBeforeTookAllThatMayBeSent() throws Exception {
    limits = new TenantLimits(1, 0);
    try (OtlpGrpcServer server = server()) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        CountDownLatch gate = new CountDownLatch(1);
        worker.execute(() -> awaitUninterrupted(gate));
        List<Future<?>> answers = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
          answers.add(send(channel, "flood", i));
        }
        awaitQueued(FLOOD);
        gate.countDown();
        Set<Long> told = new HashSet<>();
        for (Future<?> answer : answers) {
          try {
            answer.get();
          } catch (ExecutionException e) {
            told.add(hintMillis((StatusRuntimeException) e.getCause()));
          }
        }
        assertThat(decoded).hasSize(2); // a second's worth, and what makes a debt
        assertThat(told).hasSizeGreaterThan(3); // requests of 1 s each, in less than 5 s
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private static long hintMillis(StatusRuntimeException refused) throws Exception {
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    for (Any detail : StatusProto.fromThrowable(refused).getDetailsList()) {
      if (detail.is(RetryInfo.class)) {
        return Durations.toMillis(detail.unpack(RetryInfo.class).getRetryDelay());
      }
    }
    throw new AssertionError("no hint", refused);
  }

  @Test
  void quietTenantIsDecodedBeforeTheFloodThatCameFirst() throws Exception {
    try (OtlpGrpcServer server = server()) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
      try {
        CountDownLatch gate = new CountDownLatch(1);
        worker.execute(() -> awaitUninterrupted(gate));
        List<Future<?>> answers = new ArrayList<>();
        for (int i = 0; i < FLOOD; i++) {
          answers.add(send(channel, "flood", i));
        }
        awaitQueued(FLOOD);
        answers.add(send(channel, "quiet", FLOOD));
        awaitQueued(FLOOD + 1);
        gate.countDown();
        for (Future<?> answer : answers) {
          answer.get();
        }
        assertThat(decoded).hasSize(FLOOD + 1);
        assertThat(decoded.indexOf("quiet")).isLessThan(FLOOD / 2 + FLOOD / 4);
      } finally {
        channel.shutdownNow();
      }
    }
  }

  private void awaitQueued(int calls) {
    while (worker.getQueue().size() < calls) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void awaitUninterrupted(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
