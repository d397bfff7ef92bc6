package io.sluice.schema.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages for those who run the service: {@code /metrics} (Prometheus text), {@code /livez},
 * {@code /readyz} (200 ready, 503 and why not), {@code /status} (JSON). First up and last down, so
 * that it can say "starting" and "draining".
 */
public final class AdminServer implements AutoCloseable {

  /** What a service tells on its /status page; called by an admin thread, for each request. */
  public interface StatusPage {
    /** Writes the fields of an object that is already open. */
    void write(JsonGenerator out) throws IOException;
  }

  /** Answered at /readyz when nothing stands in the way. */
  public static final String READY = "ready";

  private static final Logger LOG = LoggerFactory.getLogger(AdminServer.class);
  private static final JsonFactory JSON = new JsonFactory();

  /** The JDK's server reads a request with a thread of its own, which a slow client holds. */
  private static final int THREADS = 64;

  private static final int IDLE_THREAD_SECONDS = 10;

  static {
    // Seconds after which it closes the connection of such a client, or of one that does not read.
    // It looks once, when the first server of the process is made.
    bound("sun.net.httpserver.maxReqTime", "5");
    bound("sun.net.httpserver.maxRspTime", "30");
    // Else an answer of several packets waits 40 ms until its first is acknowledged.
    bound("sun.net.httpserver.nodelay", "true");
  }

  private final Telemetry telemetry;

  private final List<HttpServer> servers = new ArrayList<>();
  private final ExecutorService executor;
  private volatile Supplier<String> readiness = () -> "starting";
  private volatile StatusPage status = out -> {};

  private AdminServer(Telemetry telemetry) {
    this.telemetry = telemetry;
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_THREAD_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "admin");
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
    this.executor = threads;
  }

  /**
   * Listens at once and answers "starting".
   *
   * @param setting the key that moves the port
   * @throws PortInUseException the port cannot be had
   */
  public static AdminServer open(Telemetry telemetry, BindAddress address, int port, String setting)
      throws IOException {
    AdminServer admin = new AdminServer(telemetry);
    try {
      int wanted = port;
      for (InetSocketAddress socket : address.at(port)) {
        InetSocketAddress at = new InetSocketAddress(socket.getAddress(), wanted);
        admin.servers.add(listen(at, setting));
        wanted = admin.port(); // a port chosen by the system is the same on every address
      }
      admin.handle("/metrics", admin::metrics);
      admin.handle("/livez", exchange -> text(exchange, 200, "live"));
      admin.handle("/readyz", admin::readyz);
      admin.handle("/status", admin::status);
      for (HttpServer server : admin.servers) {
        server.setExecutor(admin.executor);
        server.start();
      }
      return admin;
    } catch (IOException | RuntimeException e) {
      admin.close();
      throw e;
    }
  }

  /** The port it listens on. */
  public int port() {
    return servers.get(0).getAddress().getPort();
  }

  /** Adds a page; longest path prefix wins. */
  @CanIgnoreReturnValue
  public AdminServer handle(String path, HttpHandler handler) {
    for (HttpServer server : servers) {
      server.createContext(path, exchange -> answer(exchange, handler));
    }
    return this;
  }

  @CanIgnoreReturnValue
  public AdminServer status(StatusPage page) {
    status = page;
    return this;
  }

  /** From now on /readyz says what this says; {@link #READY} is 200. */
  public void readiness(Supplier<String> reason) {
    readiness = reason;
  }

  public void ready() {
    readiness(() -> READY);
  }

  public void draining() {
    readiness(() -> "draining");
  }

  @Override
  public void close() {
    servers.forEach(server -> server.stop(0));
    executor.shutdown();
  }

  private static void bound(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static HttpServer listen(InetSocketAddress at, String setting) throws IOException {
    try {
      return HttpServer.create(at, 0);
    } catch (BindException e) {
      throw new PortInUseException(at, setting, e);
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    telemetry.write(body);
    send(exchange, 200, Telemetry.contentType(), body.toByteArray());
  }

  private void readyz(HttpExchange exchange) throws IOException {
    String reason = readiness.get();
    text(exchange, reason.equals(READY) ? 200 : 503, reason);
  }

  private void status(HttpExchange exchange) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(body)) {
      out.writeStartObject();
      out.writeStringField("state", readiness.get());
      status.write(out);
      out.writeEndObject();
    }
    send(exchange, 200, "application/json", body.toByteArray());
  }

  private static void answer(HttpExchange exchange, HttpHandler handler) throws IOException {
    try (exchange) {
      try {
        handler.handle(exchange);
      } catch (RuntimeException e) {
        LOG.error("cannot answer {}", exchange.getRequestURI(), e);
        text(exchange, 500, "cannot answer: " + e);
      }
    }
  }

  private static void text(HttpExchange exchange, int code, String text) throws IOException {
    send(
        exchange,
        code,
        "text/plain; charset=utf-8",
        (text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int code, String type, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(code, head ? -1 : body.length);
    if (!head) {
      exchange.getResponseBody().write(body);
    }
  }
}
