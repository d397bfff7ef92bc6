package io.sluice.acceptor.receive;

import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.PortInUseException;
import io.sluice.schema.service.ProtocolErrors;
import io.sluice.schema.service.SmallInbound;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.service.UntakenAnswers;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** OTLP/gRPC: the four Export methods and the health service, on every bind address. */
public final class OtlpGrpcServer implements AutoCloseable {

  private static final int MAX_METADATA = 64 << 10;

  /** All the calls of a connection may be given up at once, some times in a row. */
  private static final int RESETS_OF_A_CALL = 4;

  private static final int RESETS_SECONDS = 10;

  private static final long CUT_SECONDS = 2;

  /** Of answers that wait to be taken, of all clients, with their calls. */
  private static final long UNTAKEN_BYTES = 64 << 20;

  private static final int LOOKS = 4;

  private final Server server;
  private final GrpcConnections connections;
  private final ProtocolErrors errors;
  private final HealthStatusManager health = new HealthStatusManager();

  /**
   * Listens at once; its health is NOT_SERVING until it is told otherwise.
   *
   * @param slow ends calls whose messages come too slowly
   * @param tls who the server is, and who may connect
   * @param admission whose requests are taken
   * @param encodings how messages may be compressed
   * @param lanes where requests are decompressed and decoded; never an event loop
   * @throws PortInUseException the port cannot be had
   */
  public OtlpGrpcServer(
      BindAddress address,
      int port,
      ServerTls tls,
      Admission admission,
      ReceiveLimits limits,
      ConnectionTimes times,
      SlowCalls slow,
      ContentEncodings encodings,
      RequestHandler handler,
      Telemetry telemetry,
      Lanes lanes)
      throws IOException {
    List<InetSocketAddress> addresses = address.at(port);
    GrpcEncodings codecs = new GrpcEncodings(encodings);
    DecompressorRegistry decompressors = codecs.decompressors();
    Set<String> exports =
        Stream.of(Signal.values()).map(OtlpGrpcService::method).collect(Collectors.toSet());
    Hints hints = new Hints(System::nanoTime);
    errors =
        new ProtocolErrors(
            ProtocolErrors.SHADED_NETTY,
            "sluice.acceptor.grpc.protocol.errors",
            telemetry,
            hints::sayIfHttp1,
            System::nanoTime);
    connections = new GrpcConnections(limits.maxConnections(), times.taken(), telemetry);
    UntakenAnswers answers =
        new UntakenAnswers(
            exports::contains,
            times.taken(),
            UNTAKEN_BYTES,
            connections.untaken(),
            System::nanoTime,
            connections::cut);
    connections.every(times.taken().dividedBy(LOOKS), answers::look);
    NettyServerBuilder builder =
        connections
            .serve(NettyServerBuilder.forAddress(addresses.get(0), tls.grpc()))
            .executor(lanes.workers())
            .callExecutor(new TenantExecutors(lanes))
            .flowControlWindow(limits.connectionWindow())
            .maxInboundMessageSize(limits.maxRequestBytes())
            .maxInboundMetadataSize(MAX_METADATA)
            .maxConcurrentCallsPerConnection(limits.maxCallsPerConnection())
            .maxRstFramesPerWindow(
                RESETS_OF_A_CALL * limits.maxCallsPerConnection(), RESETS_SECONDS)
            .permitKeepAliveTime(times.permitPing().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .keepAliveTime(times.ping().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(times.pingAnswer().toMillis(), TimeUnit.MILLISECONDS)
            .handshakeTimeout(times.handshake().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionIdle(times.idle().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAge(limits.maxConnectionAge().toMillis(), TimeUnit.MILLISECONDS)
            .maxConnectionAgeGrace(times.grace().toMillis(), TimeUnit.MILLISECONDS)
            .compressorRegistry(CompressorRegistry.newEmptyInstance()) // answers are tiny
            .decompressorRegistry(decompressors)
            .addStreamTracerFactory(
                new InboundFactory(handler, slow, encodings, exports, admission))
            .addStreamTracerFactory(answers)
            .addService(
                ServerInterceptors.intercept(health.getHealthService(), SmallInbound.limit()));
    addresses.stream().skip(1).forEach(builder::addListenAddress);
    Patience patience = new Patience(limits.grpcPatience());
    for (Signal signal : Signal.values()) {
      builder.addService(
          new OtlpGrpcService(signal, handler, patience, codecs)
              .definition(limits.maxRequestBytes()));
    }
    tls.guard(builder, "otlp", telemetry);
    server = builder.build();
    serving(false);
    try {
      server.start();
    } catch (IOException e) {
      server.shutdownNow();
      connections.close();
      errors.close();
      String where = "port %d of %s".formatted(port, address);
      throw new PortInUseException(where, CommonSettings.OTLP_GRPC_PORT, e);
    }
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
    connections.close();
    errors.close();
  }
}
