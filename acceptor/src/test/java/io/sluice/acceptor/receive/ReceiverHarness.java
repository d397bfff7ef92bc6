package io.sluice.acceptor.receive;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.forward.Batch;
import io.sluice.acceptor.forward.Delivery;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.security.TenantLimits;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Signal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Both receivers and their handler; where batches go is up to the test. */
final class ReceiverHarness implements AutoCloseable {

  static final ReceiveLimits LIMITS =
      new ReceiveLimits(
          1 << 20,
          64 << 20,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofMinutes(5),
          256,
          100,
          1 << 20);

  final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final AtomicLong passed = new AtomicLong();
  private final BufferAllocator allocator = new RootAllocator();
  private final ColumnsPool pool = new ColumnsPool(allocator, 1, 4, 1 << 20);
  private final Telemetry telemetry = new Telemetry("test");
  private final ExecutorService workers = Executors.newFixedThreadPool(2);
  final ExecutorService large = Executors.newSingleThreadExecutor();
  final Lanes lanes = new Lanes(workers, large, System::nanoTime);
  private final RequestHandler handler;
  private final SlowCalls slow;
  private final OtlpGrpcServer grpc;
  private final OtlpHttpServer http;
  private final ManagedChannel channel;

  ReceiverHarness(
      ReceiveLimits limits,
      DecodeLimits decode,
      Function<Batch, CompletableFuture<Delivery>> forward)
      throws IOException {
    this(limits, decode, forward, HttpEdge.DEFAULT);
  }

  ReceiverHarness(
      ReceiveLimits limits,
      DecodeLimits decode,
      Function<Batch, CompletableFuture<Delivery>> forward,
      HttpEdge edge)
      throws IOException {
    this(limits, decode, forward, edge, ConnectionTimes.DEFAULT);
  }

  ReceiverHarness(
      ReceiveLimits limits,
      DecodeLimits decode,
      Function<Batch, CompletableFuture<Delivery>> forward,
      HttpEdge edge,
      ConnectionTimes times)
      throws IOException {
    handler =
        new RequestHandler(
            limits,
            decode,
            pool,
            forward,
            telemetry,
            lanes,
            timer,
            InstantSource.system(),
            System::nanoTime,
            new Identity(Set.of()),
            new Allowances(
                new Tenants(1, tenant -> false),
                tenant -> TenantLimits.NONE,
                System::nanoTime,
                telemetry),
            UUID::randomUUID,
            () -> 0.499); // hints as they are
    BindAddress address = BindAddress.parse("127.0.0.1");
    ContentEncodings encodings = ContentEncodings.load();
    slow = new SlowCalls(edge.slowest(), timer, System::nanoTime);
    grpc =
        new OtlpGrpcServer(
            address,
            0,
            ServerTls.PLAIN,
            Admission.OPEN,
            limits,
            times,
            slow,
            encodings,
            handler,
            telemetry,
            lanes);
    http =
        new OtlpHttpServer(
            address,
            0,
            ServerTls.PLAIN,
            Admission.OPEN,
            limits,
            edge,
            encodings,
            handler,
            lanes,
            telemetry,
            timer,
            () -> System.nanoTime() + passed.get());
    channel =
        NettyChannelBuilder.forAddress("127.0.0.1", grpc.port())
            .usePlaintext()
            .disableRetry()
            .build();
  }

  /** As usual, but for how fast bodies must come. */
  static HttpEdge edge(BodyPace.Least least) {
    return new HttpEdge(
        CrossOrigin.OFF, 1_000, Duration.ofSeconds(75), Duration.ofSeconds(75), least);
  }

  /** So much time passes at once, to the eyes of the HTTP server. */
  void passes(Duration time) {
    passed.addAndGet(time.toNanos());
  }

  RequestHandler handler() {
    return handler;
  }

  /** Stores each batch at once. */
  static CompletableFuture<Delivery> store(Batch batch) {
    batch.free().run();
    return CompletableFuture.completedFuture(new Delivery.Stored(false));
  }

  int grpcPort() {
    return grpc.port();
  }

  int httpPort() {
    return http.port();
  }

  HttpResponse<byte[]> post(Signal signal, byte[] body, String... headers) throws Exception {
    String path =
        (signal == Signal.PROFILES ? "/v1development/" : "/v1/")
            + signal.name().toLowerCase(java.util.Locale.ROOT);
    URI uri = URI.create("http://127.0.0.1:" + http.port() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .build()
        .send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  byte[] export(Signal signal, byte[] body, CallOptions options) {
    return ClientCalls.blockingUnaryCall(
        channel, method(signal, MethodDescriptor.MethodType.UNARY), options, body);
  }

  ManagedChannel channel() {
    return channel;
  }

  static MethodDescriptor<byte[], byte[]> method(Signal signal, MethodDescriptor.MethodType type) {
    return MethodDescriptor.<byte[], byte[]>newBuilder()
        .setType(type)
        .setFullMethodName(OtlpGrpcService.name(signal) + "/Export")
        .setRequestMarshaller(new Bytes())
        .setResponseMarshaller(new Bytes())
        .build();
  }

  /** Waits until nothing of any request is in memory; then the budget is back at 0. */
  void awaitNothingHeld() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (handler.bytesInFlight() != 0 || handler.inFlight() != 0) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("still held: " + handler.bytesInFlight());
      }
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** The sum of a counter's lines whose labels contain all of these. */
  double counter(String name, String... labels) throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    telemetry.write(page);
    return page.toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Also the check that no buffer leaks: the allocator would say so. */
  @Override
  public void close() {
    channel.shutdownNow();
    slow.close();
    grpc.close();
    http.close();
    workers.shutdownNow();
    large.shutdownNow();
    timer.shutdownNow();
    handler.close();
    pool.close();
    telemetry.close();
    allocator.close();
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
