package io.sluice.acceptor.receive;

import io.sluice.schema.security.ServerTls;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.PortInUseException;
import io.sluice.schema.service.Telemetry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** OTLP/HTTP, on every bind address. */
public final class OtlpHttpServer implements AutoCloseable {

  private static final int MAX_THREADS = 64;
  private static final int MIN_THREADS = 4;

  private final ServerTls tls;
  private final Server server;
  private final OtlpHttpHandler handler;
  private final InFlight unanswered = new InFlight();
  private final HttpEdge edge;
  private final HttpConnections connections;
  private final LongSupplier nanoClock;
  private @Nullable ScheduledFuture<?> looking; // of the thread that opens and closes

  /**
   * Listens at once.
   *
   * @param encodings how bodies may be compressed
   * @param lanes where requests are decompressed and decoded
   * @param tls who the server is, and who may connect
   * @param admission whose requests are taken
   * @param edge which clients, and how slow
   * @param timer ends requests that come too slowly
   * @param nanoClock monotonic
   * @throws PortInUseException the port cannot be had
   */
  public OtlpHttpServer(
      BindAddress address,
      int port,
      ServerTls tls,
      Admission admission,
      ReceiveLimits limits,
      HttpEdge edge,
      ContentEncodings encodings,
      RequestHandler requests,
      Lanes lanes,
      Telemetry telemetry,
      ScheduledExecutorService timer,
      LongSupplier nanoClock)
      throws IOException {
    this.tls = tls;
    this.edge = edge;
    this.nanoClock = nanoClock;
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("otlp-http");
    server = new Server(threads);
    connections = new HttpConnections(edge, telemetry, nanoClock);
    Supplier<BodyPace> paces =
        () -> new BodyPace(edge.slowest(), timer, nanoClock, connections::slowBody);
    handler = new OtlpHttpHandler(requests, admission, limits, encodings, lanes, paces);
    Hints hints = new Hints(nanoClock);
    Handler inner =
        edge.cross().enabled() ? new CrossOriginHandler(edge.cross(), requests, handler) : handler;
    server.setHandler(new RequestWatch(connections, hints, unanswered, inner));
    server.setErrorHandler(new HttpErrors(edge.cross(), requests, hints));
    int wanted = port;
    try {
      for (InetSocketAddress socket : address.at(port)) {
        ServerConnector connector = connector(socket, wanted);
        open(connector);
        wanted = connector.getLocalPort(); // a port chosen by the system is the same everywhere
        server.addConnector(connector);
      }
      server.start();
      long every = edge.slowest().lookMillis();
      looking = timer.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    } catch (Exception e) {
      close();
      throw new IOException("cannot start the OTLP/HTTP server", e);
    }
  }

  public int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  /** Takes no new connection, and ends each old one with the answer to its next request. */
  public void drain() {
    handler.drain();
    for (Connector connector : server.getConnectors()) {
      ((ServerConnector) connector).close();
    }
  }

  /** Waits until every answer is on its way; false if they are not in time. */
  public boolean awaitAnswered(long millis) throws InterruptedException {
    return unanswered.awaitNone(millis);
  }

  @Override
  public void close() {
    if (looking != null) {
      looking.cancel(false);
    }
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop the OTLP/HTTP server", e);
    }
  }

  private void look() {
    for (Connector connector : server.getConnectors()) {
      connector.getConnectedEndPoints().forEach(connections::look);
    }
  }

  private ServerConnector connector(InetSocketAddress address, int port) {
    ServerConnector connector =
        new HttpConnector(server, connections, nanoClock, HttpProtocols.of(tls));
    connector.setHost(address.getAddress().getHostAddress());
    connector.setPort(port);
    connector.setIdleTimeout(edge.idle().toMillis());
    return connector;
  }

  private static void open(ServerConnector connector) throws IOException {
    try {
      connector.open();
    } catch (IOException e) {
      throw new PortInUseException(
          new HostPort(connector.getHost(), connector.getPort()).toString(),
          CommonSettings.OTLP_HTTP_PORT,
          e);
    }
  }
}
