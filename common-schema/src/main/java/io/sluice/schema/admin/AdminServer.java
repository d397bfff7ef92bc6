package io.sluice.schema.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.sluice.schema.service.BindAddress;
import io.sluice.schema.service.PortInUseException;
import io.sluice.schema.service.Telemetry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.jspecify.annotations.Nullable;

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

    /** Whether not all who reach the pages may see them. */
    default boolean asksForTokens() {
      return false;
    }
  }

  /**
   * @param code of HTTP
   * @param challenge of WWW-Authenticate; null: none
   */
  public record Refusal(int code, String why, @Nullable String challenge) {}

  /** Answered at /readyz when nothing stands in the way. */
  public static final String READY = "ready";

  private static final String TOKEN_CHALLENGE = "Bearer realm=\"sluice\"";

  private static final JsonFactory JSON = new JsonFactory();

  /** Pages may wait; of them those that do leave some. */
  private static final int THREADS = 64;

  private static final int MIN_THREADS = 4;

  /** For threads whose pages wait, at the end. */
  private static final long STOP_MILLIS = 1_000;

  private static final int KEPT_BUFFERS = 64;
  private static final int LARGEST_KEPT_BUFFER = 64 << 10;
  private static final long KEPT_BYTES = 4 << 20;

  private final Telemetry telemetry;
  private final AdminPages pages = new AdminPages();
  private final Guard guard;
  private final AdminStreams streams;
  private final Server server;
  private final ScheduledThreadPoolExecutor timer;
  private @Nullable ScheduledFuture<?> looking; // of the thread that opens and closes
  private volatile boolean starting = true;
  private volatile Supplier<String> readiness = () -> "starting";
  private volatile StatusPage status = out -> {};

  private AdminServer(Telemetry telemetry, Guard guard) {
    this.telemetry = telemetry;
    this.guard = guard;
    this.streams = new AdminStreams(telemetry);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, MIN_THREADS);
    threads.setName("admin");
    threads.setDaemon(true);
    threads.setStopTimeout(STOP_MILLIS);
    server =
        new Server(
            threads,
            new ScheduledExecutorScheduler("admin-timer", true),
            new ArrayByteBufferPool(
                0, -1, LARGEST_KEPT_BUFFER, KEPT_BUFFERS, KEPT_BYTES, KEPT_BYTES));
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "admin-look");
              thread.setDaemon(true);
              return thread;
            });
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
   * @param tls that it speaks; null: it is plain
   * @throws PortInUseException the port cannot be had
   */
  public static AdminServer open(
      Telemetry telemetry,
      BindAddress address,
      int port,
      String setting,
      SslContextFactory.@Nullable Server tls,
      Guard guard)
      throws IOException {
    return open(telemetry, address, port, setting, tls, guard, AdminLimits.DEFAULT);
  }

  static AdminServer open(
      Telemetry telemetry,
      BindAddress address,
      int port,
      String setting,
      SslContextFactory.@Nullable Server tls,
      Guard guard,
      AdminLimits limits)
      throws IOException {
    AdminServer admin = new AdminServer(telemetry, guard);
    try {
      admin.put("/metrics", guarded(guard, true, request -> admin.metrics()), false);
      admin.put("/status", guarded(guard, true, request -> admin.status()), false);
      admin.put("/livez", toRead(request -> AdminAnswer.text(HttpStatus.OK_200, "live")), true);
      admin.put("/readyz", toRead(request -> admin.readyz(() -> null)), true);
      OwnNames names = OwnNames.of(address, !guard.asksForTokens(), tls == null);
      admin.listen(address, port, setting, tls, names, limits);
      return admin;
    } catch (IOException | RuntimeException e) {
      admin.close();
      throw e;
    }
  }

  private void listen(
      BindAddress address,
      int port,
      String setting,
      SslContextFactory.@Nullable Server tls,
      OwnNames names,
      AdminLimits limits)
      throws IOException {
    AdminHandler handler = new AdminHandler(pages, () -> starting, names, telemetry);
    AdminConnections connections = new AdminConnections(limits, telemetry);
    server.setHandler(handler);
    server.setErrorHandler(new AdminErrors(handler));
    int wanted = port;
    for (InetSocketAddress socket : address.at(port)) {
      ServerConnector connector = new AdminConnector(server, connections, limits, tls);
      connector.setHost(socket.getAddress().getHostAddress());
      connector.setPort(wanted);
      open(connector, new InetSocketAddress(socket.getAddress(), wanted), setting);
      wanted = connector.getLocalPort(); // a port chosen by the system is the same everywhere
      server.addConnector(connector);
    }
    try {
      server.start();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot start the admin server", e);
    }
    looking =
        timer.scheduleWithFixedDelay(
            connections::look, limits.lookMillis(), limits.lookMillis(), TimeUnit.MILLISECONDS);
  }

  private static void open(ServerConnector connector, InetSocketAddress at, String setting)
      throws IOException {
    try {
      connector.open();
    } catch (IOException e) {
      throw new PortInUseException(at, setting, e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
  }

  /**
   * Adds a page, which says itself who may see it.
   *
   * @param path of it alone; with a slash at its end of all below it, too
   */
  @CanIgnoreReturnValue
  public AdminServer handle(String path, AdminPage page) {
    put(path, page, false);
    return this;
  }

  /** Adds what is the same for all, and tells nothing of anybody. */
  public void show(String path, AdminAnswer answer) {
    put(path, toRead(request -> answer), true);
  }

  /**
   * Adds a page for those who may see /status, asked for by a script: of these no browser asks for
   * a password by itself.
   */
  public void guarded(String path, AdminPage page) {
    put(path, guarded(guard, false, page), false);
  }

  /** Adds a stream of events, for the same. */
  public AdminStreams stream(String path) {
    AdminPage head = guarded(guard, false, request -> AdminStreams.HEAD);
    pages.put(path, new AdminPages.Place(head, false, streams));
    return streams;
  }

  /** What /readyz says. */
  public String state() {
    return readiness.get();
  }

  private void put(String path, AdminPage page, boolean forAll) {
    pages.put(path, new AdminPages.Place(page, forAll));
  }

  @CanIgnoreReturnValue
  public AdminServer status(StatusPage page) {
    status = page;
    return this;
  }

  /**
   * All pages are there. From now on /readyz says what this says; {@link #READY} is 200, and a path
   * without a page is 404 and no longer to be asked for again.
   */
  public void readiness(Supplier<String> reason) {
    readiness = reason;
    starting = false;
  }

  /**
   * Adds the page {@code /readyz/NAME}, for what a service has to have beyond taking what is sent:
   * 503 also while the service is not ready.
   *
   * @param lacking what is wanting; null if nothing is
   */
  public void check(String name, Supplier<@Nullable String> lacking) {
    put("/readyz/" + name, toRead(request -> readyz(lacking)), true);
  }

  public void ready() {
    readiness(() -> READY);
  }

  public void draining() {
    readiness(() -> "draining");
  }

  @Override
  public void close() {
    if (looking != null) {
      looking.cancel(false);
    }
    timer.shutdown();
    streams.end();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("cannot stop the admin server", e);
    }
  }

  private AdminAnswer metrics() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    telemetry.write(body);
    return new AdminAnswer(
        HttpStatus.OK_200, Telemetry.contentType(), body.toByteArray(), Map.of());
  }

  private AdminAnswer readyz(Supplier<@Nullable String> lacking) {
    String reason = readiness.get();
    String more = reason.equals(READY) ? lacking.get() : reason;
    return more == null
        ? AdminAnswer.text(HttpStatus.OK_200, READY)
        : AdminAnswer.text(HttpStatus.SERVICE_UNAVAILABLE_503, more);
  }

  private AdminAnswer status() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(body)) {
      out.writeStartObject();
      out.writeStringField("state", readiness.get());
      status.write(out);
      out.writeEndObject();
    }
    return new AdminAnswer(HttpStatus.OK_200, "application/json", body.toByteArray(), Map.of());
  }

  /**
   * @param byPassword whether a browser is to ask for one
   */
  private static AdminPage guarded(Guard guard, boolean byPassword, AdminPage page) {
    AdminPage inner = toRead(page);
    return new AdminPage() {
      @Override
      public @Nullable AdminAnswer refusal(AdminRequest request) {
        Refusal refusal = guard.refuses(request.authorization());
        if (refusal == null) {
          return inner.refusal(request);
        }
        AdminAnswer answer = AdminAnswer.text(refusal.code(), refusal.why());
        return refusal.challenge() == null
            ? answer
            : answer.with("WWW-Authenticate", byPassword ? refusal.challenge() : TOKEN_CHALLENGE);
      }

      @Override
      public AdminAnswer answer(AdminRequest request) throws IOException {
        return inner.answer(request);
      }
    };
  }

  private static AdminPage toRead(AdminPage page) {
    return new AdminPage() {
      @Override
      public @Nullable AdminAnswer refusal(AdminRequest request) {
        return HttpMethod.GET.is(request.method()) || HttpMethod.HEAD.is(request.method())
            ? null
            : AdminAnswer.text(
                    HttpStatus.METHOD_NOT_ALLOWED_405, "cannot answer: this page is to be read")
                .with("Allow", "GET, HEAD");
      }

      @Override
      public AdminAnswer answer(AdminRequest request) throws IOException {
        return page.answer(request);
      }
    };
  }
}
