package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log on one disk. Three threads: one writes and forces, one applies, one keeps segments ready.
 * After the first failed write or force nothing is taken any more, and {@code fatal} is told once.
 */
public final class LocalLog implements DurableLog {
  private static final Logger LOG = LoggerFactory.getLogger(LocalLog.class);

  private final UUID id;
  private final long recoveredPosition;
  private final Storage storage;
  private final Closeable lock;
  private final SegmentList segments;
  private final DiskBudget budget;
  private final SegmentPool pool;
  private final SegmentWriter writer;
  private final AppendQueue queue = new AppendQueue();
  private final ForcedRecords forced;
  private final LostPositions lost = new LostPositions();
  private final Consumer<Throwable> fatal;
  private final AtomicBoolean hasFailed = new AtomicBoolean();
  private final Thread writing;
  private final Thread preparing;
  private volatile boolean closing;
  private volatile @Nullable Applier applier;
  // Guarded by this.
  private @Nullable Thread applying;
  private boolean closed;

  private LocalLog(
      WalConfig config,
      LogEnvironment environment,
      Closeable lock,
      LogRecovery recovery,
      Consumer<Throwable> fatal)
      throws IOException {
    this.id = recovery.id();
    this.recoveredPosition = recovery.lastPosition();
    this.forced = new ForcedRecords(recoveredPosition);
    this.storage = environment.storage();
    this.lock = lock;
    this.fatal = fatal;
    this.segments = new SegmentList(recovery.found());
    this.budget = new DiskBudget(config.segmentBytes(), config.maxBytes());
    this.pool =
        new SegmentPool(config, storage, budget, segments, environment.nanoTime(), this::fail);
    recovery.found().forEach(segment -> budget.addLive(segment.header().length()));
    recovery.abandoned().forEach(segment -> budget.addLive(segment.length()));
    pool.open();
    LogClock clock = new LogClock(recovery.logTimeMicros(), environment.nanoTime());
    SegmentHeader again = emptyToBeginAnew(recovery);
    this.writer =
        again == null
            ? SegmentWriter.open(
                config,
                environment,
                pool,
                segments,
                budget,
                clock,
                recovery.firstHeader(config.segmentBytes(), environment.random().nextInt()))
            : SegmentWriter.beginAnew(config, environment, pool, segments, budget, clock, again);
    try {
      settle(recovery, again);
    } catch (IOException e) {
      writer.close();
      throw e;
    }
    GroupCommitter committer = new GroupCommitter(queue, writer, budget, forced, this::fail);
    this.writing = thread("wal-write", committer);
    this.preparing = thread("wal-prepare", pool);
  }

  /**
   * Null: there is a file for a new segment. Otherwise the disk has no room for one, and the newest
   * segment, which holds no record, has been made as good as new: starts that were killed, or one
   * after the other, leave the log's last files behind as such, and it must not end of that.
   *
   * @throws IOException there is neither
   */
  private @Nullable SegmentHeader emptyToBeginAnew(LogRecovery recovery) throws IOException {
    try {
      pool.makeFirst();
      return null;
    } catch (IOException e) {
      SegmentHeader empty = recovery.emptyNewest();
      if (empty == null) {
        throw e;
      }
      try {
        pool.clear(empty);
      } catch (IOException f) {
        e.addSuppressed(f);
        throw e;
      }
      LOG.warn(
          "cannot make a segment in {}: {}, which is empty, is begun anew ({})",
          storage.describe(),
          empty.fileName(),
          e.getMessage());
      return empty;
    }
  }

  /** What may happen only once the segment that this start writes is durable. */
  private void settle(LogRecovery recovery, @Nullable SegmentHeader again) throws IOException {
    if (recovery.idIsNew()) {
      LogIdFile.write(storage, recovery.id());
    }
    for (SegmentHeader abandoned : recovery.abandoned()) {
      if (!abandoned.equals(again)) {
        pool.recycle(abandoned);
      }
    }
    pool.askDisk();
  }

  /** Opens the log in the directory of {@code config}, or makes one, on this machine's disk. */
  public static LocalLog open(WalConfig config, Consumer<Throwable> fatal) throws IOException {
    return open(config, LogEnvironment.system(config.directory()), fatal);
  }

  /**
   * Recovers what is there and begins a new segment. Takes appends at once.
   *
   * @param fatal told once, on a thread of the log, of the failure that ended it
   * @throws CorruptLogException something that was forced is damaged or missing
   * @throws IOException the directory is in use, cannot be written, or has no room for a segment
   */
  public static LocalLog open(
      WalConfig config, LogEnvironment environment, Consumer<Throwable> fatal) throws IOException {
    Closeable lock = environment.storage().lock();
    try {
      LogRecovery recovery = LogRecovery.run(environment);
      LocalLog log = new LocalLog(config, environment, lock, recovery, fatal);
      log.preparing.start();
      log.writing.start();
      return log;
    } catch (CorruptLogException e) {
      lock.close();
      throw e.of(environment.storage().describe());
    } catch (IOException | RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  private static Thread thread(String name, Runnable body) {
    Thread thread = new Thread(body, name);
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public UUID id() {
    return id;
  }

  @Override
  public synchronized void start(long from, LogConsumer consumer) {
    if (applying != null || closed) {
      throw new IllegalStateException("cannot start log: it was started or closed before");
    }
    try {
      long replayFrom = Math.min(Math.max(from, firstPosition()), recoveredPosition + 1);
      LogCursor replay =
          ReadAheadCursor.over(
              read(replayFrom),
              storage,
              segments.closedFrom(replayFrom),
              ReadAheadCursor.WORTH_BYTES);
      applier = new Applier(replay, replayFrom, () -> closing, forced, consumer, this::fail);
    } catch (IOException e) {
      throw new IllegalStateException("cannot start log: released meanwhile", e);
    }
    applying = thread("wal-apply", applier);
    applying.start();
  }

  @Override
  public void append(LogRecord record) throws LogFullException, LogFailedException {
    queue.check();
    if (record.isNote()) {
      throw new IllegalArgumentException("cannot append a note: the log has no replicas");
    }
    long worstCase = DiskBudget.worstCase(record);
    if (!budget.tryReserve(worstCase)) {
      pool.poke();
      LogUsage usage = budget.usage();
      throw new LogFullException(
          "cannot take %d bytes: the log uses %d of %d bytes (wait for commits, or raise wal.max-bytes)"
              .formatted(record.payloadBytes(), usage.usedBytes(), usage.budgetBytes()),
          budget.missing(worstCase));
    }
    queue.add(record);
  }

  @Override
  public long firstPosition() {
    return segments.firstPosition();
  }

  @Override
  public long recoveredPosition() {
    return recoveredPosition;
  }

  @Override
  public long promisedPosition() {
    return forced.promisedPosition();
  }

  @Override
  public long appliedPosition() {
    Applier started = applier;
    return started == null ? 0 : started.appliedPosition();
  }

  @Override
  public LogCursor read(long from) throws IOException {
    return read(SegmentReader.Wanted.from(from));
  }

  @Override
  public LogCursor read(long from, Predicate<byte[]> wanted) throws IOException {
    return read(new SegmentReader.Wanted(from, wanted, false));
  }

  private LogCursor read(SegmentReader.Wanted wanted) throws IOException {
    Segment first = segments.pin(wanted.from());
    return new SegmentCursor(storage, segments, first, wanted, pool::poke, lost);
  }

  @Override
  public void release(long upTo) {
    pool.release(upTo);
  }

  @Override
  public long lostPositions() {
    return lost.count();
  }

  @Override
  public LogUsage usage() {
    return budget.usage();
  }

  private void fail(Throwable cause) {
    List<LogRecord> orphaned = queue.fail(cause);
    Attachments.fail(orphaned, cause);
    if (hasFailed.compareAndSet(false, true)) {
      if (cause instanceof CorruptLogException damage) { // no disk has failed, no trace helps
        LOG.error("{}; nothing is taken any more", damage.sentence(storage.describe()));
      } else {
        LOG.error("the log in {} has failed: nothing is taken any more", storage.describe(), cause);
      }
      fatal.accept(cause);
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    closing = true;
    queue.close();
    pool.closing();
    join(writing);
    if (applying != null) {
      forced.end();
      join(applying);
    }
    pool.stop();
    join(preparing);
    try (lock) {
      writer.close();
    } catch (IOException e) {
      LOG.warn("cannot close the log in {}", storage.describe(), e);
    }
  }

  private static void join(Thread thread) {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
