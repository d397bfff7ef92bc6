package io.sluice.schema.service;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pages for those who run the service: {@code /metrics} (Prometheus text), {@code /livez},
 * {@code /readyz} (200 ready, 503 and why not; {@code /readyz/NAME} for what is asked beyond),
 * {@code /status} (JSON). First up and last down, so that it can say "starting" and "draining".
 */
public final class AdminServer implements AutoCloseable {

  /** What a service tells on its /status page; called by an admin thread, for each request. */
  public interface StatusPage {
    /** Writes the fields of an object that is already open. */
    void write(JsonGenerator out) throws IOException;
  }

  /** Who may see /metrics and /status; the others are for all, and tell nothing of anybody. */
  @FunctionalInterface
  public interface Guard {
    Guard NONE = authorization -> null;

    /**
     * @param authorization the header's value; null if there is none
     * @return null: nothing stands in the way
     */
    @Nullable Refusal refuses(@Nullable String authorization);
  }

  /**
   * @param code of HTTP
   * @param challenge of WWW-Authenticate; null: none
   */
  public record Refusal(int code, String why, @Nullable String challenge) {}

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

  /** The same without TLS. */
  public static AdminServer open(Telemetry telemetry, BindAddress address, int port, String setting)
      throws IOException {
    return open(telemetry, address, port, setting, null, Guard.NONE);
  }

  /**
   * Listens at once and answers "starting".
   *
   * @param setting the key that moves the port
   * @param guard who may see what tells of others
   * @param https the TLS that it speaks; null: it is plain
   * @throws PortInUseException the port cannot be had
   */
  public static AdminServer open(
      Telemetry telemetry,
      BindAddress address,
      int port,
      String setting,
      @Nullable HttpsConfigurator https,
      Guard guard)
      throws IOException {
    AdminServer admin = new AdminServer(telemetry);
    try {
      int wanted = port;
      for (InetSocketAddress socket : address.at(port)) {
        InetSocketAddress at = new InetSocketAddress(socket.getAddress(), wanted);
        admin.servers.add(listen(at, setting, https));
        wanted = admin.port(); // a port chosen by the system is the same on every address
      }
      admin.handle("/metrics", guarded(guard, admin::metrics));
      admin.handle("/livez", exchange -> text(exchange, 200, "live"));
      admin.handle("/readyz", admin::readyz);
      admin.handle("/status", guarded(guard, admin::status));
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

  /**
   * Adds the page {@code /readyz/NAME}, for what a service has to have beyond taking what is sent:
   * 503 also while the service is not ready.
   *
   * @param lacking what is wanting; null if nothing is
   */
  public void check(String name, Supplier<@Nullable String> lacking) {
    handle("/readyz/" + name, exchange -> readyz(exchange, lacking));
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

  private static HttpServer listen(
      InetSocketAddress at, String setting, @Nullable HttpsConfigurator https) throws IOException {
    try {
      if (https == null) {
        return HttpServer.create(at, 0);
      }
      HttpsServer server = HttpsServer.create(at, 0);
      server.setHttpsConfigurator(https);
      return server;
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

  private void readyz(HttpExchange exchange, Supplier<@Nullable String> lacking)
      throws IOException {
    String reason = readiness.get();
    String more = reason.equals(READY) ? lacking.get() : reason;
    text(exchange, more == null ? 200 : 503, more == null ? READY : more);
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

  private static HttpHandler guarded(Guard guard, HttpHandler page) {
    return exchange -> {
      Refusal refusal = guard.refuses(exchange.getRequestHeaders().getFirst("Authorization"));
      if (refusal == null) {
        page.handle(exchange);
        return;
      }
      if (refusal.challenge() != null) {
        exchange.getResponseHeaders().set("WWW-Authenticate", refusal.challenge());
      }
      text(exchange, refusal.code(), refusal.why());
    };
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
