package io.sluice.writer.persist;

import io.sluice.schema.service.Fatal;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings sealed chunks into the tables: a pace thread seals what is complete and frees what readers
 * no longer need; beside it a thread releases the log, and a small pool persists, one set of a
 * table at a time and oldest first. There is one for each log.
 */
public final class Persister implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Persister.class);
  private static final long PACE_MILLIS = 500;
  private static final long SEAL_AGAIN_NANOS = 200_000_000;

  /** Persists one set: its files, and the commit that moves the mark. */
  @FunctionalInterface
  public interface SetWriter {
    /**
     * Returns when the table holds the set's rows, by this commit or an earlier one.
     *
     * @throws Exception it does not, or that is not known: the same set is tried again
     */
    void persist(ChunkSet set) throws Exception;
  }

  /** What else is done at the same pace, unless it still is: releasing the log. */
  @FunctionalInterface
  public interface PaceTask {
    void run() throws Exception;
  }

  private final ChunkBuffer buffer;
  private final SetWriter writer;
  private final PaceTask release;
  private final Parking parking;
  private final Ledger ledger;
  private final Fatal fatal;
  private final long graceNanos;
  private final HotMemory memory;
  private final LongSupplier nanos;
  private final PersistThreads threads;
  private final ExecutorService releases;
  private final AtomicBoolean releasing = new AtomicBoolean();
  private final Thread pace;
  private final Map<TableKey, PersistFailure> failures = new ConcurrentHashMap<>();

  /** When each table was last persisted. */
  private final Map<TableKey, Long> persisted = new ConcurrentHashMap<>();

  private final Semaphore signal = new Semaphore(0);
  private volatile boolean closed;
  private volatile boolean ended;

  /**
   * @param fatal told when the pace thread ends before it is closed: nothing would be persisted,
   *     freed or released from then on
   * @param grace how long persisted rows stay readable here, for readers with an older snapshot
   * @param memory of all logs, whose rows are relieved at this log's pace, too
   * @param threads of all logs
   */
  public Persister(
      ChunkBuffer buffer,
      SetWriter writer,
      PaceTask release,
      Parking parking,
      Ledger ledger,
      Fatal fatal,
      Duration grace,
      HotMemory memory,
      PersistThreads threads,
      LongSupplier nanos) {
    this.buffer = buffer;
    this.writer = writer;
    this.release = release;
    this.parking = parking;
    this.ledger = ledger;
    this.fatal = fatal;
    this.graceNanos = grace.toNanos();
    this.memory = memory;
    this.nanos = nanos;
    this.threads = threads;
    this.releases = Executors.newSingleThreadExecutor(r -> new Thread(r, "release"));
    this.pace = new Thread(this::pace, "persist-pace");
    memory.add(buffer, this::signal, this::outage);
  }

  public void start() {
    pace.start();
  }

  /** There may be something to do: does not wait for the next pace. */
  public void signal() {
    signal.release();
  }

  /** Why the last persist of a table failed; tables that are well have none. */
  public Map<TableKey, String> failures() {
    Map<TableKey, String> reasons = new HashMap<>();
    failures.forEach((table, failure) -> reasons.put(table, failure.reason()));
    return reasons;
  }

  /** Why tables are stuck, while store and catalog are well. */
  public Map<TableKey, String> stuck() {
    Map<TableKey, String> reasons = new HashMap<>();
    failures.forEach(
        (table, failure) -> {
          if (failure.stuck()) {
            reasons.put(table, failure.reason());
          }
        });
    return reasons;
  }

  /** Why nothing can be persisted, if it is not a matter of single tables; null if nothing is. */
  public @Nullable String outage() {
    return failures.values().stream()
        .filter(failure -> !failure.stuck())
        .map(PersistFailure::reason)
        .findAny()
        .orElse(null);
  }

  /**
   * Seals the table's rows and waits until they are persisted. As long as another process persists
   * the log nothing is sealed, which may be about to change: it is tried again meanwhile.
   *
   * @return the position they end at
   * @throws FlushFailedException they are not persisted within the time
   */
  public long flush(TableBuffer table, Duration wait)
      throws FlushFailedException, InterruptedException {
    long position = buffer.seal(table);
    failures.computeIfPresent(table.key(), (k, failure) -> failure.due(nanos.getAsLong()));
    signal();
    long end = System.nanoTime() + wait.toNanos();
    long left = wait.toNanos();
    while (!table.awaitPersisted(position, Duration.ofNanos(Math.min(left, SEAL_AGAIN_NANOS)))) {
      left = end - System.nanoTime();
      if (left > 0) {
        if (table.replayedTo() < position) {
          buffer.seal(table);
          signal();
        }
        continue;
      }
      throw new FlushFailedException(table.key(), position, whyNot(table.key()));
    }
    return position;
  }

  private String whyNot(TableKey table) {
    PersistFailure failure = failures.get(table);
    if (failure != null) {
      return failure.reason();
    }
    return threads.holds().isHeld() ? "the Writer is held for a copy" : "it takes longer";
  }

  /** Tries a table that failed again at once: somebody has put it right. */
  public void retry(TableKey table) {
    failures.remove(table);
    signal();
  }

  private void pace() {
    try {
      while (!closed) {
        buffer.release(graceNanos);
        memory.relieve();
        threads.holds().look(); // after that: rows that are left to the log press no more
        if (buffer.isFollowing()) {
          failures.clear(); // whoever leads meets them himself
        }
        buffer.sealComplete();
        buffer.tables().forEach(this::dispatch);
        threads.begin();
        parking.look(buffer.tables(), stuck());
        dispatchRelease();
        await();
      }
    } catch (Throwable e) {
      fatal.died("the persister", e);
    }
  }

  /**
   * It asks the tables, so that a store that hangs holds it up: not the pace, as memory has to be
   * freed all the same.
   */
  private void dispatchRelease() {
    if (releasing.compareAndSet(false, true)) {
      releases.execute(this::releaseLog);
    }
  }

  /** Whatever it throws passes or comes again: the log goes on meanwhile, within its budget. */
  private void releaseLog() {
    try (Holds.Change change = threads.holds().change("a release of the log")) {
      if (change != null) {
        release.run();
      }
    } catch (Throwable e) {
      ledger.releaseFailures.increment();
      LOG.error("cannot release the log (it is tried again)", e);
    } finally {
      releasing.set(false);
    }
  }

  private void await() throws InterruptedException {
    if (signal.tryAcquire(PACE_MILLIS, TimeUnit.MILLISECONDS)) {
      signal.drainPermits();
    }
  }

  private void dispatch(TableBuffer table) {
    PersistFailure failure = failures.get(table.key());
    if (failure != null && failure.dueNanos() - nanos.getAsLong() > 0) {
      return;
    }
    if (table.isOwed()) {
      threads.offer(this, table.key(), () -> run(table));
    }
  }

  /** A set is begun here and not before: as long as it waits for a thread it can be spilled. */
  private void run(TableBuffer table) {
    try {
      if (!closed) {
        table.beginPersist().ifPresent(set -> persist(table, set));
      }
    } catch (Throwable e) { // not of the writer: the state of the table's sets is not known
      fatal.died("the persister of " + table.key(), e);
    }
  }

  private void persist(TableBuffer table, ChunkSet set) {
    long begin = nanos.getAsLong();
    try {
      writer.persist(set);
    } catch (Throwable e) { // also a class that does not load: the set must not stay PERSISTING
      switch (Unpersisted.of(buffer, set, e)) {
        case LEFT -> left(table, e);
        case OTHERS -> {
          failures.remove(table.key());
          ledger.persistsOvertaken.increment();
          LOG.info("another Writer has persisted {} up to position {}", table.key(), table.mark());
        }
        case AGAIN -> again(table, e);
      }
      return;
    }
    long end = nanos.getAsLong();
    persisted.put(table.key(), end);
    failures.remove(table.key());
    table.persisted(set, end); // last, as it wakes who waits and then looks at the failures
    if (set.isParked()) { // after that: until then a read may open it
      parking.committed(set);
    }
    LOG.info(
        "persisted {} rows of {} in {} ms, positions ({}, {}]",
        set.rows(),
        table.key(),
        (end - begin) / 1_000_000,
        set.from(),
        set.to());
  }

  private void again(TableBuffer table, Throwable cause) {
    Long others = othersPersisted(table.key());
    PersistFailure failure = failed(table.key(), cause, others);
    if (failure.isOfTheTable(cause, others)) {
      parking.park(table, nanos.getAsLong() - failure.stuckNanos());
    }
  }

  private void left(TableBuffer table, Throwable cause) {
    ledger.persistsDeposed.increment();
    LOG.info(
        "a persist of {} has failed after its rows were left to the log: {}",
        table.key(),
        cause.toString());
  }

  /** When another table was last persisted; null if none was. */
  private @Nullable Long othersPersisted(TableKey table) {
    Long last = null;
    for (Map.Entry<TableKey, Long> each : persisted.entrySet()) {
      boolean isLater = last == null || each.getValue() - last > 0;
      last = isLater && !each.getKey().equals(table) ? each.getValue() : last;
    }
    return last;
  }

  private PersistFailure failed(TableKey table, Throwable cause, @Nullable Long others) {
    PersistFailure before = failures.get(table);
    PersistFailure failure = PersistFailure.of(before, cause, nanos.getAsLong(), others);
    failures.put(table, failure);
    ledger.persistFailures.increment();
    if (before != null && before.reason().equals(failure.reason())) {
      LOG.error(
          "cannot persist {}: {} (tried again in {} ms; its rows stay in the log)",
          table,
          failure.reason(),
          failure.backoffMillis());
    } else {
      LOG.error(
          "cannot persist {} (tried again in {} ms; its rows stay in the log)",
          table,
          failure.backoffMillis(),
          cause);
    }
    return failure;
  }

  /**
   * Begins nothing any more, and waits so long at most for what is under way; what is not persisted
   * stays in the log.
   *
   * @return whether nothing is under way: else a thread still has rows of the buffer, and memory
   */
  public boolean stop(Duration wait) {
    long end = System.nanoTime() + wait.toNanos();
    closed = true;
    signal();
    try {
      pace.join(Math.max(1, wait.toMillis()));
      releases.shutdown();
      ended = threads.end(this, Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      if (!ended) {
        LOG.warn("a persist is still under way: its rows stay in the log");
      }
      if (!releases.awaitTermination(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        ended = false;
        LOG.warn("a release is still under way: the log keeps what it had");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ended;
  }

  /** Stops after what is under way, if it was not stopped before. */
  @Override
  public void close() {
    if (!closed) {
      stop(Duration.ofMinutes(1));
    }
    memory.remove(buffer);
  }

  /** Whether it was stopped and nothing was under way any more. */
  public boolean hasEnded() {
    return ended;
  }
}
