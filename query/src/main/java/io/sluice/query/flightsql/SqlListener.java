package io.sluice.query.flightsql;

import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.NettyServerBuilder;
import io.sluice.schema.port.CallThreads;
import io.sluice.schema.port.ClippedAnswers;
import io.sluice.schema.port.ConnectionLimits;
import io.sluice.schema.port.FlightConnections;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.PortInUseException;
import io.sluice.schema.service.SmallInbound;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.service.UntakenAnswers;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.flight.FlightGrpcUtils;
import org.apache.arrow.flight.FlightProducer;
import org.apache.arrow.flight.auth.ServerAuthHandler;
import org.apache.arrow.memory.BufferAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port of Flight SQL, on one server for each address. */
final class SqlListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(SqlListener.class);

  /** Statements and parameters; nobody sends rows. */
  private static final int MOST_INBOUND = 1 << 20;

  /** These stream, and look to it themselves that what they send is taken. */
  private static final Set<String> STREAMS =
      Set.of(
          "arrow.flight.protocol.FlightService/DoPut", "arrow.flight.protocol.FlightService/DoGet");

  /** Of answers that wait to be taken, of all clients. */
  private static final long UNTAKEN_BYTES = 64 << 20;

  private static final int LOOKS = 4;
  private static final Duration KNOWN = Duration.ofSeconds(30);
  private static final int MOST_METADATA = 16 << 10;
  private static final int CALLS_OF_CONNECTION = 64;
  private static final int RESETS = 64;
  private static final int RESETS_SECONDS = 10;
  private static final int OTHER_THREADS = 32;
  private static final long HANDSHAKE_SECONDS = 20;
  private static final long PING_SECONDS = 60;
  private static final long IDLE_MINUTES = 60;
  private static final long CLOSE_SECONDS = 10;

  private final List<Server> servers = new ArrayList<>();
  private final FlightConnections connections;
  private final UntakenAnswers answers;
  private final Telemetry telemetry;
  private final ExecutorService calls;

  private SqlListener(FlightSqlSettings settings, Telemetry telemetry) {
    this.telemetry = telemetry;
    int most = settings.connections();
    this.connections =
        new FlightConnections(
            new ConnectionLimits(most, Math.max(1, most / 4), KNOWN, settings.limits().untaken()),
            "sluice.flightsql",
            "flight-sql",
            telemetry);
    this.answers =
        new UntakenAnswers(
            method -> !STREAMS.contains(method),
            settings.limits().untaken(),
            UNTAKEN_BYTES,
            connections.untaken(),
            System::nanoTime,
            connections::cut);
    connections.every(settings.limits().untaken().dividedBy(LOOKS), answers::look);
    this.calls =
        CallThreads.of(2 * settings.limits().statements() + OTHER_THREADS, "flight-sql-call");
  }

  /**
   * Listens on every address.
   *
   * @throws PortInUseException the port cannot be had
   */
  @SuppressWarnings("deprecation") // the type is a parameter of FlightGrpcUtils all the same
  static SqlListener open(
      FlightSqlSettings settings,
      ServerTls tls,
      Access access,
      Telemetry telemetry,
      BufferAllocator allocator,
      FlightProducer producer)
      throws IOException {
    SqlListener listener = new SqlListener(settings, telemetry);
    BindableService stock =
        FlightGrpcUtils.createFlightService(
            allocator, producer, ServerAuthHandler.NO_OP, listener.calls);
    ServerServiceDefinition guarded =
        ServerInterceptors.interceptForward(
            stock.bindService(),
            new ClippedAnswers(),
            new CountedAnswers(telemetry),
            new SqlAccess(access, listener.connections::known),
            SmallInbound.limit(),
            UntakenAnswers.ends());
    BindAddress address = settings.common().bindAddress();
    try {
      int wanted = settings.port();
      for (InetSocketAddress at : address.at(settings.port())) {
        InetSocketAddress socket = new InetSocketAddress(at.getAddress(), wanted);
        listener.servers.add(listener.listen(socket, tls, guarded));
        wanted = listener.port();
      }
      return listener;
    } catch (IOException | RuntimeException e) {
      listener.close();
      throw e;
    }
  }

  int port() {
    return servers.get(0).getPort();
  }

  private Server listen(InetSocketAddress at, ServerTls tls, ServerServiceDefinition service)
      throws IOException {
    try {
      NettyServerBuilder builder =
          connections
              .serve(NettyServerBuilder.forAddress(at, tls.grpc()))
              .executor(calls)
              .addService(service)
              .addStreamTracerFactory(new Tracers())
              .addStreamTracerFactory(answers)
              .decompressorRegistry(
                  DecompressorRegistry.emptyInstance().with(Codec.Identity.NONE, false))
              .maxInboundMessageSize(MOST_INBOUND)
              .permitKeepAliveTime(10, TimeUnit.SECONDS)
              .permitKeepAliveWithoutCalls(true)
              .maxConcurrentCallsPerConnection(CALLS_OF_CONNECTION)
              .maxRstFramesPerWindow(RESETS, RESETS_SECONDS)
              .maxInboundMetadataSize(MOST_METADATA)
              .handshakeTimeout(HANDSHAKE_SECONDS, TimeUnit.SECONDS)
              .maxConnectionIdle(IDLE_MINUTES, TimeUnit.MINUTES)
              .keepAliveTime(PING_SECONDS, TimeUnit.SECONDS)
              .keepAliveTimeout(PING_SECONDS, TimeUnit.SECONDS);
      tls.guard(builder, "flightsql", telemetry);
      return builder.build().start();
    } catch (IOException e) {
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new PortInUseException(at, FlightSqlSettings.PORT, e);
      }
      throw e;
    }
  }

  private static final class Tracers extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      return new SmallInbound(MOST_INBOUND);
    }
  }

  /** Takes no new calls; what is under way gets a while to end, then is cut. */
  @Override
  public void close() {
    servers.forEach(Server::shutdown);
    try {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(CLOSE_SECONDS);
      for (Server server : servers) {
        if (!server.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          server.shutdownNow();
          server.awaitTermination(1, TimeUnit.SECONDS);
        }
      }
      calls.shutdown();
      if (!calls.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a statement did not end when it was told to: its memory is not given back");
      }
    } catch (InterruptedException e) {
      servers.forEach(Server::shutdownNow);
      calls.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      connections.close();
    }
  }
}
