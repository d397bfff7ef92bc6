package io.sluice.writer.serve;

import io.grpc.BindableService;
import io.grpc.Codec;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.NettyServerBuilder;
import io.sluice.schema.port.CallThreads;
import io.sluice.schema.port.ClippedAnswers;
import io.sluice.schema.port.FlightConnections;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.PortInUseException;
import io.sluice.schema.service.ProtocolErrors;
import io.sluice.schema.service.SmallInbound;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.service.UntakenAnswers;
import io.sluice.schema.wire.PutLimits;
import io.sluice.writer.intake.Intake;
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

/** The Flight service of a Writer: flight-core's, with a DoPut of our own, on one server each. */
public final class FlightListener implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlightListener.class);
  private static final String PUT = "arrow.flight.protocol.FlightService/DoPut";

  /** These stream, and look to it themselves that what they send is taken. */
  private static final Set<String> STREAMS =
      Set.of(PUT, "arrow.flight.protocol.FlightService/DoGet");

  /** Of answers that wait to be taken, of all clients. */
  private static final long UNTAKEN_BYTES = 64 << 20;

  private static final int LOOKS = 4;

  /** Nobody needs them here, and nothing bounds what they bring. */
  private static final Set<String> NOT_SERVED =
      Set.of(
          "arrow.flight.protocol.FlightService/DoExchange",
          "arrow.flight.protocol.FlightService/Handshake");

  private static final int MOST_OF_OTHERS = 1 << 20;
  private static final int WINDOW_BYTES = 4 << 20;
  private static final long CLOSE_SECONDS = 10;
  private static final int MOST_METADATA = 16 << 10;

  private static final int RESETS_SECONDS = 10;

  private volatile boolean ended;
  private final List<Server> servers = new ArrayList<>();

  private final FlightLimits limits;
  private final FlightConnections connections;
  private final Telemetry telemetry;
  private final ProtocolErrors errors;
  private final UntakenAnswers answers;

  /** A DoGet holds its own while its reader is slow. */
  private final ExecutorService calls;

  private FlightListener(FlightLimits limits, Telemetry telemetry) {
    this.limits = limits;
    this.telemetry = telemetry;
    this.connections =
        new FlightConnections(limits.ofConnections(), "sluice.flight", "flight", telemetry);
    this.errors =
        new ProtocolErrors(
            ProtocolErrors.NETTY,
            "sluice.flight.protocol.errors",
            telemetry,
            nothing -> false,
            System::nanoTime);
    this.answers =
        new UntakenAnswers(
            method -> !STREAMS.contains(method),
            limits.taken(),
            UNTAKEN_BYTES,
            connections.untaken(),
            System::nanoTime,
            connections::cut);
    connections.every(limits.taken().dividedBy(LOOKS), answers::look);
    this.calls = CallThreads.of(limits.threads(), "flight-call");
  }

  /**
   * Listens on every address.
   *
   * @param tls what it speaks, and who may connect
   * @param access who may call
   * @param limits what clients may ask for
   * @throws PortInUseException the port cannot be had
   */
  @SuppressWarnings("deprecation") // the type is a parameter of FlightGrpcUtils all the same
  public static FlightListener open(
      BindAddress address,
      int port,
      ServerTls tls,
      Access access,
      FlightLimits limits,
      Telemetry telemetry,
      BufferAllocator allocator,
      FlightProducer producer,
      Intake intake)
      throws IOException {
    FlightListener listener = new FlightListener(limits, telemetry);
    BindableService stock =
        FlightGrpcUtils.createFlightService(
            allocator, producer, ServerAuthHandler.NO_OP, listener.calls);
    ServerServiceDefinition service = withPut(stock.bindService(), intake);
    ServerServiceDefinition guarded =
        ServerInterceptors.interceptForward(
            service,
            new ClippedAnswers(),
            new FlightAccess(access, PUT, listener.connections::known),
            SmallInbound.limit(),
            UntakenAnswers.ends());
    try {
      int wanted = port;
      for (InetSocketAddress at : address.at(port)) {
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

  /** Who makes the call that this thread answers. */
  public static Caller caller() {
    return FlightAccess.caller();
  }

  public int port() {
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
              .maxInboundMessageSize(PutLimits.MESSAGE_BYTES)
              .flowControlWindow(WINDOW_BYTES)
              .permitKeepAliveTime(10, TimeUnit.SECONDS)
              .permitKeepAliveWithoutCalls(true)
              .maxConcurrentCallsPerConnection(limits.callsOfConnection())
              .maxRstFramesPerWindow(limits.resets(), RESETS_SECONDS)
              .maxInboundMetadataSize(MOST_METADATA)
              .handshakeTimeout(limits.handshake().toMillis(), TimeUnit.MILLISECONDS)
              .maxConnectionIdle(limits.idle().toMillis(), TimeUnit.MILLISECONDS)
              .keepAliveTime(limits.ping().toMillis(), TimeUnit.MILLISECONDS)
              .keepAliveTimeout(limits.ping().toMillis(), TimeUnit.MILLISECONDS);
      tls.guard(builder, "flight", telemetry);
      return builder.build().start();
    } catch (IOException e) {
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new PortInUseException(at, CommonSettings.FLIGHT_PORT, e);
      }
      throw e;
    }
  }

  /** What does not bring records is a ticket, a descriptor or the body of an action. */
  private static final class Tracers extends ServerStreamTracer.Factory {
    @Override
    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
      return method.equals(PUT) ? new ServerStreamTracer() {} : new SmallInbound(MOST_OF_OTHERS);
    }
  }

  private static ServerServiceDefinition withPut(ServerServiceDefinition stock, Intake intake) {
    ServerServiceDefinition.Builder service =
        ServerServiceDefinition.builder(stock.getServiceDescriptor().getName());
    for (ServerMethodDefinition<?, ?> method : stock.getMethods()) {
      String name = method.getMethodDescriptor().getFullMethodName();
      if (!name.equals(PUT) && !NOT_SERVED.contains(name)) {
        service.addMethod(method);
      }
    }
    return service.addMethod(intake.method(PUT)).build();
  }

  /** Takes no new calls; what is under way gets a while to end, then is cut. */
  @Override
  public void close() {
    close(Duration.ofSeconds(CLOSE_SECONDS));
  }

  /** The same; calls that are under way get so long, and reads that were cut as long again. */
  public void close(Duration wait) {
    if (calls.isShutdown()) {
      return;
    }
    servers.forEach(Server::shutdown);
    try {
      long end = System.nanoTime() + wait.toNanos();
      for (Server server : servers) {
        if (!server.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
          server.shutdownNow();
          server.awaitTermination(1, TimeUnit.SECONDS);
        }
      }
      calls.shutdownNow();
      ended = calls.awaitTermination(wait.toNanos(), TimeUnit.NANOSECONDS);
      if (!ended) {
        LOG.warn("a read did not end when it was told to: its memory is not given back");
      }
    } catch (InterruptedException e) {
      servers.forEach(Server::shutdownNow);
      calls.shutdownNow();
      Thread.currentThread().interrupt();
    } finally {
      connections.close();
      errors.close();
    }
  }

  /** Whether it was closed and all calls have ended: else one still has memory. */
  public boolean hasEnded() {
    return ended;
  }
}
