package io.sluice.acceptor.forward;

import io.grpc.ChannelCredentials;
import io.opentelemetry.api.common.Attributes;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.route.Claim;
import io.sluice.acceptor.route.LogRoutes;
import io.sluice.schema.service.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Hands each batch to the stream of its log, tenant and table. Safe for any thread. */
public final class Forwarder implements AutoCloseable {

  private static final int CROWDED_MILLIS = 1_000;

  private final LogRoutes routes;
  private final Telemetry telemetry;
  private final StreamEnvironment environment;
  private final Links links;
  private final LogShares shares;
  private final LongAdder crowded;
  private final List<LogLeader> leaders;
  private final Map<StreamKey, PutStream> streams = new ConcurrentHashMap<>();
  private final ReadWriteLock closing = new ReentrantReadWriteLock(); // against a late stream
  private boolean closed; // guarded by it
  private volatile Runnable reachableChanged = () -> {};

  /**
   * Connects to the Writers in the background.
   *
   * @param most bytes that all requests may hold: no log takes what the others need of them
   * @param credentials by which Writers are reached
   * @param pool where gathered rows come from
   * @param workers where messages are built; many streams share it
   * @param nanoClock monotonic, as {@link Batch#giveUpNanos} is
   */
  public Forwarder(
      LogRoutes routes,
      ForwardLimits limits,
      long most,
      ChannelCredentials credentials,
      Telemetry telemetry,
      ColumnsPool pool,
      Executor workers,
      ScheduledExecutorService timer,
      LongSupplier nanoClock) {
    this.routes = routes;
    this.telemetry = telemetry;
    this.links = new Links(routes.writers(), credentials, timer, () -> reachableChanged.run());
    this.environment =
        new StreamEnvironment(links, limits, pool, workers, timer, nanoClock, routes.logs() > 1);
    this.shares = new LogShares(routes.logs(), most);
    this.crowded = telemetry.counter("sluice.forward.crowded", Attributes.empty());
    for (int i = 0; i < routes.logs(); i++) {
      int log = i;
      telemetry.gauge(
          "sluice.forward.held",
          Attributes.builder().put("log", log).build(),
          () -> shares.held(log));
    }
    LeaderQuery query =
        new LeaderQuery(links, timer, nanoClock, this::asks, this::claimed, telemetry);
    this.leaders =
        IntStream.range(0, routes.logs())
            .mapToObj(
                log ->
                    new LogLeader(
                        log, routes.candidates(log), links, telemetry, nanoClock, query::start))
            .toList();
  }

  /**
   * Takes the batch over and frees it when it is not needed any more.
   *
   * @throws RejectedExecutionException it is closed: the batch is the caller's as before
   */
  public CompletableFuture<Delivery> forward(Batch batch) {
    int log = routes.log(batch.id());
    StreamKey key = new StreamKey(log, batch.tenant(), batch.table());
    closing.readLock().lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("the forwarder is closed");
      }
      long bytes = batch.rows().bytes();
      if (!shares.take(log, bytes)) {
        crowded.increment();
        batch.free().run();
        return CompletableFuture.completedFuture(
            new Delivery.Refused(CROWDED_MILLIS, "too much waits for log " + log));
      }
      return streams
          .computeIfAbsent(key, this::stream)
          .offer(batch.whenFree(() -> shares.giveBack(log, bytes)));
    } finally {
      closing.readLock().unlock();
    }
  }

  /** True while there is a connection to any Writer. */
  public boolean reachable() {
    return links.reachable();
  }

  /** How many Writers there is a connection to. */
  public int connected() {
    return links.connected();
  }

  /** All that it would connect to, and where the messages of each log go. */
  public List<KnownWriter> writers() {
    List<KnownWriter> writers = new ArrayList<>();
    for (WriterLink link : links.all()) {
      List<Long> leads = new ArrayList<>();
      for (int log = 0; log < leaders.size(); log++) {
        if (leaders.get(log).lead().writer().equals(link.address())) {
          leads.add((long) log);
        }
      }
      writers.add(new KnownWriter(link.address().toString(), link.reachable(), leads));
    }
    return writers;
  }

  /** Bytes of batches that wait for a leader, or for its answer. */
  public long held() {
    return IntStream.range(0, routes.logs()).mapToLong(shares::held).sum();
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
    links.close();
  }

  private boolean asks() {
    return leaders.stream().anyMatch(LogLeader::asks);
  }

  private void claimed(Claim claim) {
    if (claim.log() < leaders.size()) {
      leaders.get(claim.log()).claimed(claim);
    }
  }

  private PutStream stream(StreamKey key) {
    ForwardMeters meters = ForwardMeters.of(telemetry, key.tenant(), key.table());
    return new PutStream(key, leaders.get(key.log()), environment, meters).begun();
  }
}
