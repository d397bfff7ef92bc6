package io.sluice.acceptor;

import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.forward.Forwarder;
import io.sluice.acceptor.receive.Admission;
import io.sluice.acceptor.receive.Allowances;
import io.sluice.acceptor.receive.BodyPace;
import io.sluice.acceptor.receive.ConnectionTimes;
import io.sluice.acceptor.receive.ContentEncodings;
import io.sluice.acceptor.receive.Lanes;
import io.sluice.acceptor.receive.OtlpGrpcServer;
import io.sluice.acceptor.receive.OtlpHttpServer;
import io.sluice.acceptor.receive.RequestHandler;
import io.sluice.acceptor.receive.SlowCalls;
import io.sluice.acceptor.receive.Tenants;
import io.sluice.acceptor.route.LogRoutes;
import io.sluice.schema.admin.AdminServer;
import io.sluice.schema.page.LivePage;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.AdminGuard;
import io.sluice.schema.security.Reload;
import io.sluice.schema.security.ServerTls;
import io.sluice.schema.security.ServiceTls;
import io.sluice.schema.service.Closer;
import io.sluice.schema.service.CommonSettings;
import io.sluice.schema.service.ProcessMeters;
import io.sluice.schema.service.Telemetry;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Acceptor, wired: receive, decode, route, forward. Open, it takes requests; closed, it has
 * answered all of them or told them to come again.
 */
public final class AcceptorService implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AcceptorService.class);
  private static final int LAST_ANSWERS_MILLIS = 1_000;

  /** For those that are decoded when the time is up: they are refused when they are forwarded. */
  private static final int LAST_REQUESTS_MILLIS = 10_000;

  private static final int FORWARDING_THREADS = 2;
  private static final int IDLE_COLUMNS = 16;
  private static final long IDLE_COLUMN_BYTES = 4L << 20;

  private final AcceptorSettings settings;
  private final Closer closer;
  private final AdminServer admin;
  private final Forwarder forwarder;
  private final RequestHandler handler;
  private final OtlpGrpcServer grpc;
  private final OtlpHttpServer http;
  private volatile boolean draining;

  private AcceptorService(AcceptorSettings settings, Closer closer) throws IOException {
    this.settings = settings;
    this.closer = closer;
    CommonSettings common = settings.common();
    Telemetry telemetry = closer.add(new Telemetry("sluice-acceptor", settings.telemetry()));
    ProcessMeters.register(telemetry);
    Reload reload = closer.add(new Reload(telemetry, settings.tls().reloadEvery()));
    ServiceTls services = ServiceTls.open(settings.tls(), reload);
    Access access = reload.watch(settings.access().open());
    Tenants tenants = new Tenants(settings.tenantsMax(), access::names);
    Allowances allowances =
        new Allowances(
            tenants,
            tenant -> access.limits(tenant, settings.limits()),
            System::nanoTime,
            telemetry);
    Admission admission = new Admission(access, tenants, allowances);
    ServerTls otlp = ServerTls.otlp(settings.otlpTls(), reload);
    admin =
        closer.add(
            AdminServer.open(
                telemetry,
                common.bindAddress(),
                common.acceptorAdminPort(),
                CommonSettings.ACCEPTOR_ADMIN_PORT,
                services.server().jetty(),
                AdminGuard.of(access)));
    BufferAllocator allocator = closer.add(new RootAllocator(settings.memory().bytes()));
    long seed = new SecureRandom().nextLong();
    ColumnsPool pool =
        closer.add(new ColumnsPool(allocator, seed, IDLE_COLUMNS, IDLE_COLUMN_BYTES));
    ExecutorService workers = threads(settings.threads(), "worker");
    // of their own, so that no answer waits behind requests that are decoded
    ExecutorService forwarding = threads(FORWARDING_THREADS, "forward");
    ScheduledThreadPoolExecutor timer = timer();
    forwarder =
        closer.add(
            new Forwarder(
                LogRoutes.of(common.logs(), common.writers(), common.placement()),
                settings.forward(),
                settings.receive().maxBytesInFlight(),
                services.client(settings.access().shownByService()),
                telemetry,
                pool,
                forwarding,
                timer,
                System::nanoTime));
    Lanes lanes =
        new Lanes(workers, threads(Math.max(1, settings.threads() / 2), "large"), System::nanoTime);
    handler =
        closer.add(
            new RequestHandler(
                settings.receive(),
                settings.decode(),
                pool,
                forwarder::forward,
                telemetry,
                lanes,
                timer,
                InstantSource.system(),
                System::nanoTime,
                settings.identity(),
                allowances,
                UUID::randomUUID,
                () -> ThreadLocalRandom.current().nextDouble()));
    AcceptorPage page = new AcceptorPage(settings, handler, forwarder, allocator);
    closer.add(
        LivePage.open(
            admin,
            telemetry,
            new LivePage.Subject("Acceptor", common.bindAddress().reachable()),
            page.history(),
            page));
    ContentEncodings encodings = ContentEncodings.load();
    SlowCalls slow = closer.add(new SlowCalls(BodyPace.Least.DEFAULT, timer, System::nanoTime));
    grpc =
        closer.add(
            new OtlpGrpcServer(
                common.bindAddress(),
                common.otlpGrpcPort(),
                otlp,
                admission,
                settings.receive(),
                ConnectionTimes.DEFAULT,
                slow,
                encodings,
                handler,
                telemetry,
                lanes));
    http =
        closer.add(
            new OtlpHttpServer(
                common.bindAddress(),
                common.otlpHttpPort(),
                otlp,
                admission,
                settings.receive(),
                settings.http(),
                encodings,
                handler,
                lanes,
                telemetry,
                timer,
                System::nanoTime));
  }

  /**
   * Listens on all ports and connects to the Writers in the background.
   *
   * @throws io.sluice.schema.service.CannotStartException a port cannot be had, or a certificate
   *     not be used
   */
  public static AcceptorService open(AcceptorSettings settings) throws IOException {
    Closer closer = new Closer();
    try {
      AcceptorService service = new AcceptorService(settings, closer);
      service.tell();
      return service;
    } catch (IOException e) {
      throw closer.closeAfter(e);
    } catch (RuntimeException e) {
      throw closer.closeAfter(e);
    }
  }

  private void tell() {
    admin.readiness(this::readiness);
    admin.status(
        out -> {
          out.writeNumberField("requestsInFlight", handler.inFlight());
          out.writeNumberField("bytesInFlight", handler.bytesInFlight());
          out.writeBooleanField("writersReachable", forwarder.reachable());
          out.writeNumberField("writersConnected", forwarder.connected());
          handler.writeLedger(out);
        });
    forwarder.onReachable(() -> grpc.serving(forwarder.reachable() && !draining));
    LOG.info(
        "OTLP/gRPC on port {}, OTLP/HTTP on {}, admin on {}, Writers {}",
        grpcPort(),
        httpPort(),
        adminPort(),
        settings.common().writers());
  }

  public int grpcPort() {
    return grpc.port();
  }

  public int httpPort() {
    return http.port();
  }

  public int adminPort() {
    return admin.port();
  }

  /**
   * Stops taking, lets what is in flight end, and tells what has not to come again; only when all
   * are answered are the servers closed under them, and only then what they need.
   */
  @Override
  public void close() throws IOException {
    draining = true;
    http.drain();
    grpc.drain();
    try {
      if (!handler.awaitIdle(settings.drain().toMillis())) {
        LOG.warn("{} requests are told to come again: the time is up", handler.inFlight());
      }
      forwarder.close();
      handler.stop();
      if (!handler.awaitIdle(LAST_REQUESTS_MILLIS)) {
        LOG.error("{} requests are cut off: they could not be ended", handler.inFlight());
      }
      if (!http.awaitAnswered(LAST_ANSWERS_MILLIS)) {
        LOG.info("some HTTP connections are closed with requests on them");
      }
      if (!grpc.awaitDrained(LAST_ANSWERS_MILLIS)) {
        LOG.info("some gRPC connections are closed with calls on them");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    closer.close();
  }

  private String readiness() {
    if (draining) {
      return "draining";
    }
    return forwarder.reachable() ? AdminServer.READY : "no connection to a Writer";
  }

  private ExecutorService threads(int count, String name) {
    ExecutorService threads = Executors.newFixedThreadPool(count, daemon(name));
    closer.add(() -> end(threads, name));
    return threads;
  }

  /** What they use is closed after them: a request that is being decoded has columns. */
  private static void end(ExecutorService threads, String name) throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(LAST_REQUESTS_MILLIS, TimeUnit.MILLISECONDS)) {
      LOG.error("a {} thread did not end", name);
      threads.shutdownNow();
    }
  }

  private ScheduledThreadPoolExecutor timer() {
    ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, daemon("timer"));
    timer.setRemoveOnCancelPolicy(true);
    closer.add(timer::shutdownNow);
    return timer;
  }

  private static ThreadFactory daemon(String name) {
    return task -> {
      Thread thread = new Thread(task, name);
      thread.setDaemon(true);
      return thread;
    };
  }
}
