package io.sluice.acceptor;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import io.sluice.schema.service.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A real Acceptor on ports of its own, in front of a fake Writer. */
public final class RunningAcceptor implements AutoCloseable {

  private final AcceptorService service;
  private final HttpClient http = HttpClient.newHttpClient();

  public RunningAcceptor(FakeWriter writer, String... flags) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--bind-address=127.0.0.1",
                "--otlp.grpc.port=0",
                "--otlp.http.port=0",
                "--acceptor.admin.port=0",
                "--writers=" + writer.address()));
    for (String flag : flags) {
      String key = flag.substring(0, flag.indexOf('=') + 1);
      all.removeIf(usual -> usual.startsWith(key));
      all.add(flag);
    }
    Settings settings = Settings.of(all, Map.of(), Path.of("no-such-directory"));
    AcceptorSettings acceptor = AcceptorSettings.from(settings);
    settings.check();
    service = AcceptorService.open(acceptor);
  }

  public AcceptorService service() {
    return service;
  }

  public ManagedChannel channel() {
    return NettyChannelBuilder.forAddress("127.0.0.1", service.grpcPort())
        .usePlaintext()
        .disableRetry()
        .maxInboundMessageSize(4 << 20)
        .build();
  }

  public URI http(String path) {
    return URI.create("http://127.0.0.1:" + service.httpPort() + path);
  }

  /** A page of the admin server. */
  public String admin(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + service.adminPort() + path);
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** The sum of a counter's lines whose labels contain all of these. */
  public double metric(String name, String... labels) throws IOException, InterruptedException {
    return admin("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Waits until that many requests of this signal or outcome were counted; more are too many. */
  public void awaitRequests(String label, double count) throws IOException, InterruptedException {
    String name = "sluice_acceptor_requests_total";
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (metric(name, label) < count && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    if (metric(name, label) != count) {
      throw new AssertionError("%s: %f, not %f".formatted(label, metric(name, label), count));
    }
  }

  /** Waits until the health service says so. */
  public void awaitHealth(ServingStatus status) throws InterruptedException {
    ManagedChannel channel = channel();
    try {
      BlockingQueue<ServingStatus> said = new LinkedBlockingQueue<>();
      HealthGrpc.newStub(channel)
          .watch(
              HealthCheckRequest.getDefaultInstance(),
              new io.grpc.stub.StreamObserver<>() {
                @Override
                public void onNext(io.grpc.health.v1.HealthCheckResponse response) {
                  said.add(response.getStatus());
                }

                @Override
                public void onError(Throwable failure) {}

                @Override
                public void onCompleted() {}
              });
      while (true) {
        ServingStatus next = said.poll(30, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("health never said " + status);
        }
        if (next == status) {
          return;
        }
      }
    } finally {
      channel.shutdownNow();
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }

  /** A request with so many spans, told apart by the seed. */
  public static ExportTraceServiceRequest spans(int count, long seed) {
    ScopeSpans.Builder scope = ScopeSpans.newBuilder();
    for (int i = 0; i < count; i++) {
      java.nio.ByteBuffer id = java.nio.ByteBuffer.allocate(16).putLong(seed).putLong(i + 1);
      scope.addSpans(
          Span.newBuilder()
              .setTraceId(ByteString.copyFrom(id.array()))
              .setSpanId(ByteString.copyFrom(id.array(), 8, 8))
              .setName("span-" + seed + "-" + i)
              .setStartTimeUnixNano(1_700_000_000_000_000_000L + i)
              .setEndTimeUnixNano(1_700_000_000_000_000_500L + i));
    }
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(ResourceSpans.newBuilder().addScopeSpans(scope))
        .build();
  }

  public static CallOptions within(long millis) {
    return CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
  }
}
