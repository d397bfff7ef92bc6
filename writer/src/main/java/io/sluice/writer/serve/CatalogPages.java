package io.sluice.writer.serve;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.rest.RestAnswer;
import io.sluice.lake.rest.RestCatalog;
import io.sluice.lake.rest.RestRequest;
import io.sluice.schema.admin.AdminAnswer;
import io.sluice.schema.admin.AdminPage;
import io.sluice.schema.admin.AdminRequest;
import io.sluice.schema.security.Access;
import io.sluice.schema.security.Caller;
import io.sluice.schema.security.DeniedException;
import io.sluice.schema.security.Scope;
import io.sluice.schema.service.Telemetry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The Iceberg REST catalog on the admin port. Catalog and store are asked by a few threads of its
 * own, in the order of the requests; a thread of the admin server only waits, for a while at most.
 * At most three in four of those do, so that probes and metrics are answered whatever readers,
 * catalog and store do.
 */
public final class CatalogPages implements AdminPage, AutoCloseable {

  /** Where it is on the port. */
  public static final String PATH = "/v1/";

  /** Longer than a catalog that is well takes, shorter than what asks a second time. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int THREADS = 4;
  private static final int WAITING = 48;

  private final RestCatalog catalog;
  private final Access access;
  private final Telemetry telemetry;
  private final Duration patience;
  private final Semaphore places = new Semaphore(WAITING);
  private final Set<Ask> asking = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "catalog-reader");
            thread.setDaemon(true);
            return thread;
          });

  /** A request waits for catalog and store for some seconds. */
  public CatalogPages(RestCatalog catalog, Access access, Telemetry telemetry) {
    this(catalog, access, telemetry, PATIENCE);
  }

  /**
   * @param patience how long a request waits for catalog and store
   */
  CatalogPages(RestCatalog catalog, Access access, Telemetry telemetry, Duration patience) {
    this.catalog = catalog;
    this.access = access;
    this.telemetry = telemetry;
    this.patience = patience;
  }

  @Override
  public @Nullable AdminAnswer refusal(AdminRequest asked) {
    try {
      reader(asked);
      return null;
    } catch (DeniedException e) {
      return denied(e);
    }
  }

  @Override
  public AdminAnswer answer(AdminRequest asked) {
    RestRequest request;
    try {
      request = request(asked);
    } catch (DeniedException e) {
      return denied(e); // its token was taken away just now
    }
    if (!places.tryAcquire()) {
      return counted(
          RestCatalog.unavailable(
              request, "cannot read tables now: too many readers ask at once (ask again)"),
          Map.of());
    }
    try {
      return counted(answer(request), Map.of());
    } finally {
      places.release();
    }
  }

  private Caller reader(AdminRequest asked) throws DeniedException {
    Caller caller = access.caller(asked.authorization());
    caller.require(Scope.READ);
    return caller;
  }

  private RestRequest request(AdminRequest asked) throws DeniedException {
    return new RestRequest(
        asked.method(), asked.path(), asked.query(), asked.ifNoneMatch(), reader(asked)::has);
  }

  private AdminAnswer denied(DeniedException e) {
    boolean unknown = e.why() == DeniedException.Why.UNKNOWN_CALLER;
    return counted(
        RestCatalog.denied(unknown, e.sentence()),
        unknown ? Map.of("WWW-Authenticate", Access.CHALLENGE) : Map.of());
  }

  private RestAnswer answer(RestRequest request) {
    RestAnswer late =
        RestCatalog.unavailable(
            request,
            "cannot read tables now: catalog or store have not answered for %s s (ask again)"
                .formatted(patience.toSeconds()));
    if (isStuck()) {
      return late;
    }
    Ask ask = new Ask(request);
    try {
      threads.execute(ask);
      return ask.answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      ask.givenUp = true;
      return late;
    } catch (RejectedExecutionException e) {
      return RestCatalog.unavailable(request, "cannot read tables: this Writer stops");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return RestCatalog.unavailable(request, "cannot read tables: this Writer stops");
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot answer a reader of the catalog", e.getCause());
    }
  }

  /** Whether every thread asks for somebody who has given up. */
  private boolean isStuck() {
    return asking.stream().filter(ask -> ask.givenUp).count() == THREADS;
  }

  private final class Ask implements Runnable {

    private final RestRequest request;
    private final CompletableFuture<RestAnswer> answer = new CompletableFuture<>();
    private volatile boolean givenUp;

    Ask(RestRequest request) {
      this.request = request;
    }

    @Override
    public void run() {
      if (givenUp) {
        return; // it waited for its turn for too long
      }
      asking.add(this);
      try {
        answer.complete(catalog.answer(request));
      } catch (Throwable e) {
        answer.completeExceptionally(e); // said by the thread that waits
        throw e;
      } finally {
        asking.remove(this);
      }
    }
  }

  private AdminAnswer counted(RestAnswer answer, Map<String, String> more) {
    telemetry
        .counter(
            "sluice.catalog.requests",
            Attributes.builder()
                .put("route", answer.route())
                .put("outcome", answer.outcome())
                .build())
        .increment();
    Map<String, String> headers = new HashMap<>(answer.headers());
    headers.putAll(more);
    return new AdminAnswer(answer.status(), "application/json", answer.json(), headers);
  }

  /** What is asked now may still end; all that comes later is refused. */
  @Override
  public void close() throws InterruptedException {
    threads.shutdown();
    if (!threads.awaitTermination(1, TimeUnit.SECONDS)) {
      threads.shutdownNow();
    }
  }
}
