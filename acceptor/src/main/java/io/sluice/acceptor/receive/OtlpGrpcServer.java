package io.sluice.acceptor.receive;

import io.grpc.Codec;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.PortInUseException;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** OTLP/gRPC: the three Export methods and the health service, on every bind address. */
public final class OtlpGrpcServer implements AutoCloseable {

  private static final int MAX_METADATA = 64 << 10;

  /** What a connection may send of messages that are not yet asked for; no budget has it. */
  private static final int WINDOW = 1 << 20;

  private static final long GRACE_SECONDS = 30;
  private static final long CUT_SECONDS = 2;

  private final Server server;
  private final GrpcConnectionLog connections = new GrpcConnectionLog(new Hints(System::nanoTime));
  private final HealthStatusManager health = new HealthStatusManager();

  /**
   * Listens at once; its health is NOT_SERVING until it is told otherwise.
   *
   * @param tls who the server is; null without TLS
   * @param encodings how messages may be compressed
   * @param workers where requests are decompressed and decoded; never an event loop
   * @throws PortInUseException the port cannot be had
   */
  public OtlpGrpcServer(
      BindAddress address,
      int port,
      @Nullable TlsIdentity tls,
      ReceiveLimits limits,
      ContentEncodings encodings,
      RequestHandler handler,
      Executor workers)
      throws IOException {
    List<InetSocketAddress> addresses = address.at(port);
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(addresses.get(0), credentials(tls))
            .executor(workers)
            .flowControlWindow(WINDOW)
            .maxInboundMessageSize(limits.maxRequestBytes())
            .maxInboundMetadataSize(MAX_METADATA)
            .maxConcurrentCallsPerConnection(limits.maxCallsPerConnection())
            .permitKeepAliveTime(10, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(60, TimeUnit.SECONDS)
            .maxConnectionAge(limits.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAgeGrace(GRACE_SECONDS, TimeUnit.SECONDS)
            .compressorRegistry(CompressorRegistry.newEmptyInstance()) // answers are tiny
            .decompressorRegistry(decompressors(encodings))
            .addStreamTracerFactory(GrpcInbound.factory(handler))
            .addService(health.getHealthService());
    addresses.stream().skip(1).forEach(builder::addListenAddress);
    Patience patience = new Patience(limits.grpcPatience());
    for (Signal signal : Signal.values()) {
      builder.addService(
          new OtlpGrpcService(signal, handler, patience).definition(limits.maxRequestBytes()));
    }
    server = builder.build();
    serving(false);
    connections.listen();
    try {
      server.start();
    } catch (IOException e) {
      server.shutdownNow();
      String where = "port %d of %s".formatted(port, address);
      throw new PortInUseException(where, CommonSettings.OTLP_GRPC_PORT, e);
    }
  }

  private static ServerCredentials credentials(@Nullable TlsIdentity tls) {
    return tls == null
        ? InsecureServerCredentials.create()
        : TlsServerCredentials.newBuilder().keyManager(tls.keyManagers()).build();
  }

  private static DecompressorRegistry decompressors(ContentEncodings encodings) {
    DecompressorRegistry registry =
        DecompressorRegistry.emptyInstance()
            .with(Codec.Identity.NONE, false)
            .with(new LazyDecompressor("gzip", ContentEncoding.GZIP), true);
    return encodings.zstd()
        ? registry.with(new LazyDecompressor("zstd", ContentEncoding.ZSTD), true)
        : registry;
  }

  public int port() {
    return server.getPort();
  }

  /** What the health service says, of the server and of each of its services. */
  public void serving(boolean serving) {
    ServingStatus status = serving ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
    for (Signal signal : Signal.values()) {
      health.setStatus(OtlpGrpcService.name(signal), status);
    }
  }

  /** Takes no new call, and answers those that are under way. */
  public void drain() {
    health.enterTerminalState();
    server.shutdown();
  }

  /** Waits for {@link #drain} to end; false if it has not in time. */
  public boolean awaitDrained(long millis) throws InterruptedException {
    return server.awaitTermination(millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(CUT_SECONDS, TimeUnit.SECONDS); // its last callbacks need the workers
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
