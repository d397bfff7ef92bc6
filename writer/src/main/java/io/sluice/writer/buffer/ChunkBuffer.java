package io.sluice.writer.buffer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * All hot rows of one log. The apply thread adds and publishes how far it is; everybody else only
 * reads that, so that a seal never passes what was applied with no gap.
 */
public final class ChunkBuffer implements AutoCloseable {

  private final Map<TableKey, TableBuffer> tables = new ConcurrentHashMap<>();
  private final ToLongFunction<TableKey> marks;
  private final SealPolicy policy;
  private final LoggedRows logged;
  private final LongSupplier nanos;
  private final AtomicLong heldBytes = new AtomicLong();
  private final AtomicLong usedBytes = new AtomicLong();
  private final AtomicLong readBackBytes = new AtomicLong();
  private final LongAdder addedBytes = new LongAdder();
  private final HotReads reads = new HotReads();
  private volatile Growth growth = new Growth(Long.MAX_VALUE, 1, () -> {});
  private volatile Consumer<TableBuffer> made = table -> {};
  private final AppliedPosition applied = new AppliedPosition();
  private volatile boolean follows;
  private volatile boolean replicated;

  private record Growth(long fromBytes, long stepBytes, Runnable action) {}

  /**
   * @param marks the position that a table held of this log when the process started
   * @param logged reads back what is in the log only
   * @param nanos a monotonic clock
   */
  public ChunkBuffer(
      ToLongFunction<TableKey> marks, SealPolicy policy, LoggedRows logged, LongSupplier nanos) {
    this.marks = marks;
    this.policy = policy;
    this.logged = new CountedRows(logged, readBackBytes);
    this.nanos = nanos;
  }

  /** Runs the action, quickly, on the apply thread whenever so much more is held, from there on. */
  public void onGrowth(long fromBytes, long stepBytes, Runnable action) {
    growth = new Growth(fromBytes, stepBytes, action);
  }

  /** Tells of each table when there are first rows of it, or questions. */
  public void onTable(Consumer<TableBuffer> action) {
    made = action;
  }

  /** The table's rows, made if there are none yet: for whoever adds some. */
  public TableBuffer table(TableKey key) {
    TableBuffer there = tables.get(key);
    if (there != null) {
      return there;
    }
    TableBuffer table = tables.computeIfAbsent(key, this::make);
    synchronized (this) {
      notifyAll(); // whoever waits for the first rows of the tenant's table
    }
    return table;
  }

  private TableBuffer make(TableKey key) {
    TableBuffer table =
        new TableBuffer(key, marks.applyAsLong(key), policy, logged, reads, () -> follows);
    made.accept(table);
    return table;
  }

  /**
   * The table, if its tenant is one that has rows here or in tables, or is the default; else
   * nothing is kept of the question, as anybody can ask.
   */
  public Optional<TableBuffer> known(TableKey key) {
    boolean known =
        tables.containsKey(key)
            || key.tenant().equals(ReadTicket.DEFAULT_TENANT)
            || Table.all().stream().map(t -> new TableKey(key.tenant(), t)).anyMatch(this::isMet);
    return known ? Optional.of(table(key)) : Optional.empty();
  }

  private boolean isMet(TableKey key) {
    return tables.containsKey(key) || marks.applyAsLong(key) > 0;
  }

  /**
   * Holds all rows of the table with a position above {@code after}; of a table that nobody knows,
   * that is none.
   *
   * @throws ReloadException some of them are in the table only
   * @throws IOException the log has let go of rows that no table holds
   */
  public HotRead read(TableKey key, long after) throws ReloadException, IOException {
    long upTo = applied.get();
    TableBuffer table = known(key).orElse(null);
    return table == null
        ? reads.opened(new HotRead(key, List.of(), after, Math.max(upTo, after), logged, reads))
        : table.read(after, upTo);
  }

  /**
   * The rows of a set that is persisting.
   *
   * @throws IOException what is in the log only cannot be read back
   */
  public SetRows load(ChunkSet set) throws IOException {
    return SetRows.of(set, logged);
  }

  /** Waits until the table has a position above {@code after}, or the time is up. */
  public boolean awaitAdded(TableKey key, long after, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    TableBuffer table = known(key).orElse(null);
    synchronized (this) {
      while (table == null) {
        long left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        wait(left);
        table = known(key).orElse(null);
      }
    }
    return table.awaitAdded(after, Duration.ofNanos(end - System.nanoTime()));
  }

  public Collection<TableBuffer> tables() {
    return tables.values();
  }

  /**
   * Apply thread only: takes over the batch.
   *
   * @param voids ordinals of the record's batches that are repeats
   */
  public void add(TableKey key, BatchRows rows, int[] voids, RecordCounts more) {
    long bytes = rows.batch().heldBytes();
    rows.batch().countIn(heldBytes, usedBytes);
    rows.batch().done(); // whoever reads it makes vectors anew
    addedBytes.add(bytes);
    table(key).add(rows, voids, more, nanos.getAsLong());
    Growth watch = growth;
    long now = bytes();
    if (now > watch.fromBytes && now / watch.stepBytes != (now - bytes) / watch.stepBytes) {
      watch.action.run();
    }
  }

  /**
   * Apply thread only: a record whose rows stay in the log.
   *
   * @param rows of its batches that count
   * @param bytes what it takes once it is read back
   */
  public void addLogged(
      TableKey key, long position, long rows, long bytes, int[] voids, RecordCounts more) {
    table(key).addLogged(position, rows, bytes, voids, more, nanos.getAsLong());
  }

  /** Apply thread only: a record of repeats only. */
  public void addVoids(TableKey key, long position, int[] voids, RecordCounts more) {
    table(key).addVoids(position, voids, more);
  }

  /** Apply thread only: the record at this position is decided and its rows are readable. */
  public void applied(long position) {
    applied.set(position);
  }

  /** Whether somebody waits for positions to be applied. */
  public boolean isAwaited() {
    return applied.isAwaited();
  }

  /** Waits until everything up to {@code position} is applied, or the time is up. */
  public boolean awaitApplied(long position, Duration time) throws InterruptedException {
    return applied.await(position, time);
  }

  public long applied() {
    return applied.get();
  }

  /** Seals what the policy says is complete. */
  public boolean sealComplete() {
    boolean any = false;
    for (TableBuffer table : tables.values()) {
      any |= table.sealIf(applied(), nanos.getAsLong());
    }
    return any;
  }

  /** Seals a table's rows, all that were applied when it was called; the position they end at. */
  @CanIgnoreReturnValue
  public long seal(TableBuffer table) {
    return table.seal(applied());
  }

  /** Memory runs short: seals the largest open set. */
  public void sealLargest() {
    tables.values().stream()
        .max(Comparator.comparingLong(TableBuffer::openBytes))
        .ifPresent(this::seal);
  }

  /**
   * Memory runs short: leaves sealed rows to the log, until no more than so many bytes are held or
   * there are no more. The newest of the table that has most go first.
   *
   * @return sets that were spilled
   */
  public int spill(long downToBytes) {
    int spilled = 0;
    while (bytes() > downToBytes) {
      TableBuffer most =
          tables.values().stream()
              .max(Comparator.comparingLong(TableBuffer::spillableBytes))
              .orElse(null);
      if (most == null || !most.spillNewest()) {
        return spilled;
      }
      spilled++;
    }
    return spilled;
  }

  /**
   * The log fills up: seals the set that it is kept for, if that is open; it may be a small one
   * that would stay so for minutes. One at a time: the next is found when it is persisted. As long
   * as the log is kept for sets that wait to be persisted, small files would not help.
   */
  public void sealOldest() {
    long upTo = applied();
    tables.values().stream()
        .filter(table -> table.owedAfter(upTo) < upTo)
        .min(Comparator.comparingLong(table -> table.owedAfter(upTo)))
        .ifPresent(oldest -> oldest.sealOldest(upTo));
  }

  /** Before anything is added: what an earlier process parked of a table. */
  public void restore(TableKey key, List<ParkedRange> ranges) {
    table(key).restore(ranges, nanos.getAsLong());
  }

  /**
   * Apply thread only: another process persists the log from now on. Rows that no commit holds are
   * in the log only; what is added is to be logged, too; nothing is sealed or persisted, until
   * {@link #lead}.
   */
  public void follow() {
    replicated = true;
    follows = true; // first: no set begins to persist any more, and those that have are found below
    tables.values().forEach(TableBuffer::follow);
  }

  /** This process persists the log from now on, and has moved all marks to where the tables are. */
  public void lead() {
    follows = false;
  }

  /** Whether another process persists the log, or nobody yet. */
  public boolean isFollowing() {
    return follows;
  }

  /** Whether it has followed: then others persist the very same rows, and marks may be moved. */
  public boolean isReplicated() {
    return replicated;
  }

  /** The table holds all rows up to here, whoever brought them there. Any thread. */
  public void moveMark(TableKey key, long to) {
    table(key).moveMark(to);
  }

  /**
   * Apply thread only: the log will be applied again from behind this position, up to which all
   * rows are in the tables. As {@link #follow}, and nothing is owed until then.
   */
  public void reset(long released) {
    follow();
    tables.values().forEach(table -> table.reset(released));
    applied(released);
  }

  /** Bytes of rows in memory that no set seals yet. */
  public long openBytes() {
    return tables.values().stream().mapToLong(TableBuffer::openBytes).sum();
  }

  /** Whether a read that was cut has not let go yet: how much it frees is not known. */
  public boolean isCuttingRead() {
    return reads.isCutting();
  }

  /** Memory runs short: cuts the oldest read that alone holds rows, if the last one cut is gone. */
  @CanIgnoreReturnValue
  public boolean cutOldestRead() {
    return reads.cutOldest(
        HotRead::pinsReleased, "memory runs short, and the rest of it is held for this read alone");
  }

  /** More is held than may be: cuts the oldest read that holds rows which were read back for it. */
  @CanIgnoreReturnValue
  public boolean cutOldestReadBack() {
    return reads.cutOldest(
        HotRead::holdsReadBack, "memory runs short, and some of it is held for this read alone");
  }

  /** The log runs full: cuts the oldest read that it keeps such positions for. */
  @CanIgnoreReturnValue
  public boolean cutOldestRead(long releasedUpTo) {
    return reads.cutOldest(
        read -> read.pinsLog(releasedUpTo),
        "the log runs full, and its oldest part is held for this read alone");
  }

  /** Frees persisted rows that were kept long enough for readers. */
  public long release(long graceNanos) {
    long now = nanos.getAsLong();
    return tables.values().stream().mapToLong(table -> table.release(now, graceNanos)).sum();
  }

  /** Memory runs short: frees persisted rows that are only kept for readers. */
  public void releaseHeld() {
    tables.values().forEach(table -> table.releaseWhileAny(set -> set.heldBytes() > 0));
  }

  /** The log runs full: it keeps no rows any more that are persisted and only kept for readers. */
  public void releaseLogged() {
    tables.values().forEach(table -> table.releaseWhileAny(set -> set.loggedRows() > 0));
  }

  /** The log is not needed at or below this position by any table or its readers. */
  public long releasePoint() {
    long upTo = applied.get();
    List<TableBuffer> all = List.copyOf(tables.values());
    for (TableBuffer table : all) {
      upTo = Math.min(upTo, table.owedAfter(upTo));
    }
    return upTo;
  }

  /**
   * All bytes held: by sets, by reads after their sets let go, by what was read back, and by the
   * vectors of what is read or persisted.
   */
  public long bytes() {
    return heldBytes.get() + usedBytes.get() + readBackBytes.get();
  }

  /** Bytes of added rows let go of since the start, in all. */
  public long bytesFreed() {
    return addedBytes.sum() - heldBytes.get();
  }

  /** The ledger of all tables: of each at one moment. */
  public RecordCounts records() {
    return tables.values().stream()
        .map(TableBuffer::records)
        .reduce(RecordCounts.NONE, RecordCounts::plus);
  }

  /** Rows that no commit holds, in parked files. */
  public long parkedRows() {
    return tables.values().stream().mapToLong(TableBuffer::parkedRows).sum();
  }

  /** Of the hot ones, rows that are in the log only. */
  public long loggedRows() {
    return tables.values().stream().mapToLong(TableBuffer::loggedRows).sum();
  }

  @Override
  public void close() {
    tables.values().forEach(TableBuffer::free);
  }
}
