package io.sluice.acceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The gRPC health service as a load balancer asks it. */
@Timeout(300)
final class GrpcHealthTest {

  private static final List<String> SERVICES =
      List.of(
          "",
          "opentelemetry.proto.collector.trace.v1.TraceService",
          "opentelemetry.proto.collector.metrics.v1.MetricsService",
          "opentelemetry.proto.collector.logs.v1.LogsService");

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

  private static HealthCheckRequest of(String service) {
    return HealthCheckRequest.newBuilder().setService(service).build();
  }

  private ServingStatus check(String service) {
    return HealthGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .check(of(service))
        .getStatus();
  }

  private BlockingQueue<ServingStatus> watch(String service) {
    BlockingQueue<ServingStatus> said = new LinkedBlockingQueue<>();
    HealthGrpc.newStub(channel)
        .watch(
            of(service),
            new StreamObserver<>() {
              @Override
              public void onNext(HealthCheckResponse response) {
                said.add(response.getStatus());
              }

              @Override
              public void onError(Throwable failure) {}

              @Override
              public void onCompleted() {}
            });
    return said;
  }

  private static void await(BlockingQueue<ServingStatus> said, ServingStatus status)
      throws Exception {
    ServingStatus next;
    do {
      next = said.poll(60, TimeUnit.SECONDS);
      assertThat(next).describedAs("it never said " + status).isNotNull();
    } while (next != status);
  }

  @Test
  void everyServiceServesWhileAWriterIsReachableAndWatchersAreTold() throws Exception {
    Map<String, BlockingQueue<ServingStatus>> watches = new ConcurrentHashMap<>();
    SERVICES.forEach(service -> watches.put(service, watch(service)));
    for (String service : SERVICES) {
      await(watches.get(service), ServingStatus.SERVING);
      assertThat(check(service)).isEqualTo(ServingStatus.SERVING);
    }
    writer.stop();
    for (String service : SERVICES) {
      await(watches.get(service), ServingStatus.NOT_SERVING);
      assertThat(check(service)).isEqualTo(ServingStatus.NOT_SERVING);
    }
    writer.restart();
    for (String service : SERVICES) {
      await(watches.get(service), ServingStatus.SERVING);
    }
  }

  @Test
  void unknownServiceIsNotFound() {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> check("no.such.Service"));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void checksHoldNothingOfTheBudget() throws Exception {
    for (int i = 0; i < 100; i++) {
      for (String service : SERVICES) {
        check(service);
      }
    }
    assertThat(acceptor.metric("sluice_acceptor_inflight_bytes")).isZero();
    assertThat(acceptor.admin("/metrics")).contains("sluice_acceptor_inflight_bytes");
  }

  @Test
  void largeCheckIsCutOff() {
    StatusRuntimeException refused =
        catchThrowableOfType(StatusRuntimeException.class, () -> check("x".repeat(100_000)));
    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(refused.getStatus().getDescription()).contains("4096");
    assertThat(
            catchThrowableOfType(StatusRuntimeException.class, () -> check("x".repeat(4_000)))
                .getStatus()
                .getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void reflectionIsOff() {
    for (String version : List.of("v1", "v1alpha")) {
      try (RawHttp2 client = RawHttp2.open(acceptor.service().grpcPort())) {
        int stream =
            client.call("/grpc.reflection." + version + ".ServerReflection/ServerReflectionInfo");
        assertThat(client.response(stream).field("grpc-status"))
            .isEqualTo("" + Status.Code.UNIMPLEMENTED.value());
      } catch (java.io.IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
