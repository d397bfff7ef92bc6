package io.sluice.acceptor.forward;

import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.route.LogRoutes;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.service.Telemetry;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;

/** Hands each batch to the stream of its log, tenant and table. Safe for any thread. */
public final class Forwarder implements AutoCloseable {

  private final LogRoutes routes;
  private final ForwardLimits limits;
  private final Telemetry telemetry;
  private final ColumnsPool pool;
  private final Executor workers;
  private final ScheduledExecutorService timer;
  private final LongSupplier nanoClock;
  private final Map<HostPort, WriterLink> links = new ConcurrentHashMap<>();
  private final Map<StreamKey, PutStream> streams = new ConcurrentHashMap<>();
  private final ReadWriteLock closing = new ReentrantReadWriteLock(); // against a late stream
  private boolean closed; // guarded by it
  private volatile Runnable reachableChanged = () -> {};

  /**
   * Connects to the Writers in the background.
   *
   * @param pool where gathered rows come from
   * @param workers where messages are built; many streams share it
   * @param nanoClock monotonic, as {@link Batch#giveUpNanos} is
   */
  public Forwarder(
      LogRoutes routes,
      ForwardLimits limits,
      Telemetry telemetry,
      ColumnsPool pool,
      Executor workers,
      ScheduledExecutorService timer,
      LongSupplier nanoClock) {
    this.routes = routes;
    this.limits = limits;
    this.telemetry = telemetry;
    this.pool = pool;
    this.workers = workers;
    this.timer = timer;
    this.nanoClock = nanoClock;
    for (HostPort writer : routes.writers()) {
      links.put(writer, new WriterLink(writer, timer, () -> reachableChanged.run()));
    }
  }

  /**
   * Takes the batch over and frees it when it is not needed any more.
   *
   * @throws RejectedExecutionException it is closed: the batch is the caller's as before
   */
  public CompletableFuture<Delivery> forward(Batch batch) {
    StreamKey key = new StreamKey(routes.log(batch.id()), batch.tenant(), batch.table());
    closing.readLock().lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("the forwarder is closed");
      }
      return streams.computeIfAbsent(key, this::stream).offer(batch);
    } finally {
      closing.readLock().unlock();
    }
  }

  /** True while there is a connection to every Writer that leads a log. */
  public boolean reachable() {
    return links.values().stream().allMatch(WriterLink::reachable);
  }

  /** Calls this whenever {@link #reachable} may have changed, and once now. */
  public void onReachable(Runnable changed) {
    reachableChanged = changed;
    changed.run();
  }

  /** Takes nothing more, and fails what is still on its way: whoever waits for it is told. */
  @Override
  public void close() {
    closing.writeLock().lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
    } finally {
      closing.writeLock().unlock();
    }
    CompletableFuture.allOf(
            streams.values().stream().map(PutStream::close).toArray(CompletableFuture[]::new))
        .join();
    links.values().forEach(WriterLink::close);
  }

  private PutStream stream(StreamKey key) {
    HostPort writer = routes.writer(key.log());
    WriterLink link =
        links.computeIfAbsent(writer, w -> new WriterLink(w, timer, () -> reachableChanged.run()));
    ForwardMeters meters = ForwardMeters.of(telemetry, key.tenant(), key.table());
    return new PutStream(key, link, limits, meters, pool, workers, timer, nanoClock);
  }
}
