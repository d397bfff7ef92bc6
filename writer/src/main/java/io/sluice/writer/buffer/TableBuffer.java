package io.sluice.writer.buffer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The hot rows of one table: one open set of chunks, the sealed ones in order, and the persisted
 * ones that readers may still need. Guarded by its monitor: the apply thread adds, the persister
 * moves sets on, the pace thread spills, readers collect.
 *
 * <p>Invariant: the sets' ranges are adjacent, oldest first; a row is in exactly one set, or at or
 * below {@code letGo}, the position of the last row that was persisted and let go. Rows that are in
 * the log only are kept by it as long as a set has them, persisted or not: see {@link #owedAfter}.
 */
public final class TableBuffer {

  private final TableKey key;
  private final SealPolicy policy;
  private final LoggedRows logged;
  private final HotReads reads;
  private final PersistedSets persisted;
  private final OwedSets sealed;
  private @Nullable ChunkSet open;
  private long sealedTo;
  private long mark;
  private long lastAdded;
  private long persistedRows;
  private RecordCounts came = RecordCounts.NONE;
  private long leftToLog; // when the process ends
  private boolean freed;

  TableBuffer(TableKey key, long mark, SealPolicy policy, LoggedRows logged, HotReads reads) {
    this.key = key;
    this.policy = policy;
    this.sealed = new OwedSets(policy.bytes());
    this.logged = logged;
    this.reads = reads;
    this.sealedTo = mark;
    this.mark = mark;
    this.persisted = new PersistedSets(mark);
  }

  public TableKey key() {
    return key;
  }

  /**
   * Takes over what an earlier process parked, before anything is added: adjacent ranges, oldest
   * first, the last above the mark. They say where the table stood, also if it is lost meanwhile.
   */
  synchronized void restore(List<ParkedRange> ranges, long nowNanos) {
    for (ParkedRange range : ranges) {
      came = came.plus(RecordCounts.replayed(range.rows()));
      if (sealed.isEmpty()) {
        mark = Math.max(mark, range.from());
        persisted.begin(mark);
      }
      sealed.add(ChunkSet.parked(key, range, nowNanos));
      sealedTo = range.to();
      lastAdded = Math.max(lastAdded, range.lastRow());
    }
  }

  /** Rows at or below this position are in a set or in the table: a replay adds what is above. */
  public synchronized long replayedTo() {
    return sealedTo;
  }

  /**
   * Takes over the batch. Positions only grow, and are above the mark.
   *
   * @param voids ordinals of the record's batches that are repeats
   * @param more what the record adds to the table's ledger: counted as it becomes hot, so that at
   *     any moment the ledger adds up
   */
  synchronized void add(BatchRows rows, int[] voids, RecordCounts more, long nowNanos) {
    openFor(rows.batch().position(), nowNanos).add(rows, voids);
    added(rows.batch().position(), more);
  }

  /** As {@link #add}, of rows that stay in the log. */
  synchronized void addLogged(
      long position, long rows, long bytes, int[] voids, RecordCounts more, long nowNanos) {
    openFor(position, nowNanos).addLogged(position, rows, bytes, voids);
    added(position, more);
  }

  /** A record of repeats only: which those are matters if there are rows before and after it. */
  synchronized void addVoids(long position, int[] voids, RecordCounts more) {
    if (open != null) {
      open.addVoids(position, voids);
    }
    came = came.plus(more);
  }

  private ChunkSet openFor(long position, long nowNanos) {
    if (position <= Math.max(lastAdded, sealedTo)) {
      throw new IllegalStateException(
          "cannot add position %d to %s: it is at %d"
              .formatted(position, key, Math.max(lastAdded, sealedTo)));
    }
    ChunkSet set = open;
    if (set != null && set.bytes() >= policy.bytes()) {
      seal(set.to()); // a replay adds more than a set's size in a moment
      set = null;
    }
    if (set == null) {
      set = new ChunkSet(key, sealedTo, nowNanos);
      open = set;
    }
    return set;
  }

  private void added(long position, RecordCounts more) {
    lastAdded = position;
    came = came.plus(more);
    notifyAll();
  }

  /** Seals if the policy says so. See {@link #seal(long)}. */
  synchronized boolean sealIf(long applied, long nowNanos) {
    if (open == null || !policy.complete(open.bytes(), nowNanos - open.openedNanos())) {
      return false;
    }
    seal(applied);
    return true;
  }

  /**
   * Completes the open set, if there is one.
   *
   * @param applied the highest position applied with no gap, as seen before the call: rows beyond
   *     it may have been added since, and then it is the last of them
   * @return the position that all rows up to now are persisted with: one that was sealed here or
   *     before, so that waiting for it waits for nothing that comes later
   */
  @CanIgnoreReturnValue
  synchronized long seal(long applied) {
    if (open != null) {
      open.seal(Math.max(applied, open.to()));
      sealedTo = open.to();
      sealed.add(open);
      open = null;
    }
    return sealedTo;
  }

  /** Whether there are sealed sets that no commit holds. */
  public synchronized boolean isOwed() {
    return !sealed.isEmpty();
  }

  /**
   * The oldest sealed set, now persisting; nothing if one is persisting already. Sets that piled up
   * behind a failing one go as one, up to the size at which a set is sealed.
   */
  public synchronized Optional<ChunkSet> beginPersist() {
    return sealed.beginPersist();
  }

  /**
   * The oldest sealed set whose rows are not parked, now held as if it were persisting; as many
   * behind it as go into one are taken over; nothing if somebody else has it. Give it back by
   * {@link #parked} or {@link #persistFailed}.
   */
  public synchronized Optional<ChunkSet> beginPark() {
    return freed ? Optional.empty() : sealed.beginPark();
  }

  /** The set's rows are in a parked file, durably: the log is not needed for them. */
  public synchronized void parked(ChunkSet set) {
    if (freed) {
      set.free();
      return;
    }
    set.park();
    set.persistFailed();
    notifyAll();
  }

  /**
   * The table was begun anew, and what is owed to it goes into the table as it is now: its oldest
   * set, which is persisting, begins at the mark. What the old table held is not there any more.
   *
   * @param rename of the set's file if it is parked; no read is opened meanwhile
   */
  public synchronized <E extends Exception> void rebased(
      ChunkSet set, long newMark, Rename<E> rename) throws E {
    if (set.isParked()) {
      rename.run();
    }
    set.rebase(newMark);
    set.persistFailed();
    rebase(newMark);
  }

  /** Lets a parked set's file be of another range. */
  @FunctionalInterface
  public interface Rename<E extends Exception> {
    void run() throws E;
  }

  /**
   * The same, of a table that is owed nothing.
   *
   * @return false if it is owed something meanwhile
   */
  public synchronized boolean rebased(long newMark) {
    if (open != null || !sealed.isEmpty()) {
      return false;
    }
    sealedTo = newMark;
    rebase(newMark);
    return true;
  }

  private void rebase(long newMark) {
    mark = newMark;
    persisted.begin(newMark);
    notifyAll();
  }

  public synchronized void persistFailed(ChunkSet set) {
    if (freed) {
      set.free();
      return;
    }
    set.persistFailed();
    notifyAll();
  }

  public synchronized void persisted(ChunkSet set, long nowNanos) {
    if (freed) {
      set.free();
      return;
    }
    if (sealed.oldest() != set) {
      throw new IllegalStateException("cannot end persist of " + key + ": not its oldest set");
    }
    sealed.removeOldest();
    set.persisted(nowNanos);
    mark = set.to();
    persistedRows += set.rows();
    persisted.add(set);
    notifyAll();
  }

  /** Lets go of persisted sets older than the grace; returns the bytes that this frees. */
  synchronized long release(long nowNanos, long graceNanos) {
    return persisted.release(nowNanos, graceNanos);
  }

  /** Memory runs short: of persisted sets, keeps only those that take none. */
  synchronized void releaseHeld() {
    persisted.releaseWhileAny(set -> set.heldBytes() > 0);
  }

  /** The log runs full: keeps no persisted set for which it has to keep rows. */
  synchronized void releaseLogged() {
    persisted.releaseWhileAny(set -> set.loggedRows() > 0);
  }

  /**
   * Memory runs short: leaves the rows of the newest sealed set to the log, as its turn comes last.
   *
   * @return whether there was one
   */
  synchronized boolean spillNewest() {
    return sealed.spillNewest();
  }

  /** Bytes of sealed rows that could be left to the log. */
  synchronized long spillableBytes() {
    return sealed.spillableBytes();
  }

  /**
   * Holds all rows with a position above {@code after}, in memory or in the log.
   *
   * @throws ReloadException some of them are in the table only
   * @throws IOException the log has let go of rows that no table holds
   */
  public synchronized HotRead read(long after, long applied) throws ReloadException, IOException {
    if (after < persisted.letGo()) {
      throw new ReloadException(key, after, persisted.letGo());
    }
    List<HotPart> parts = new ArrayList<>();
    forEachSet(set -> set.collect(after, parts::add));
    long to = Math.max(Math.max(applied, lastAdded), after);
    return reads.opened(new HotRead(key, parts, after, to, logged, reads));
  }

  /** Waits until a position above {@code after} was added, or the time is up. */
  public synchronized boolean awaitAdded(long after, Duration time) throws InterruptedException {
    return await(() -> lastAdded > after, time);
  }

  /** Waits until everything up to {@code position} is persisted, or the time is up. */
  public synchronized boolean awaitPersisted(long position, Duration time)
      throws InterruptedException {
    return await(() -> mark >= position, time);
  }

  private boolean await(BooleanSupplier reached, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (!reached.getAsBoolean()) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      wait(left);
    }
    return true;
  }

  /**
   * The highest position below which the log need keep nothing for the table or its readers, given
   * what was applied.
   */
  synchronized long owedAfter(long applied) {
    ChunkSet first = sealed.oldestInLog().orElse(open);
    long owed = first == null ? Math.max(applied, mark) : first.from();
    return persisted.firstInLog().orElse(owed);
  }

  /** The table's mark as this process knows it. */
  public synchronized long mark() {
    return mark;
  }

  /** Its ledger, at one moment. */
  public synchronized RecordCounts records() {
    return came.plus(RecordCounts.held(hotRows(), persistedRows, parkedRows()));
  }

  /** Rows that no commit holds yet, but for those that are parked. */
  public synchronized long hotRows() {
    return leftToLog + sealed.sumInLog(ChunkSet::rows) + (open == null ? 0 : open.rows());
  }

  /** Rows that no commit holds yet, in parked files. */
  public synchronized long parkedRows() {
    return sealed.parkedRows();
  }

  /** Of all rows that no commit holds yet, were they in memory. */
  public synchronized long owedBytes() {
    return sealed.bytes() + (open == null ? 0 : open.bytes());
  }

  /** Of the hot ones, rows that are in the log only. */
  public synchronized long loggedRows() {
    return sealed.sumInLog(ChunkSet::loggedRows) + (open == null ? 0 : open.loggedRows());
  }

  /** All bytes held in memory, also of persisted sets in their grace. */
  public synchronized long bytes() {
    long[] sum = {0};
    forEachSet(set -> sum[0] += set.heldBytes());
    return sum[0];
  }

  /** Bytes in memory that no set seals yet. */
  synchronized long openBytes() {
    return open == null ? 0 : open.heldBytes();
  }

  /** Frees everything: the process ends. A set that is persisting is freed when that ends. */
  synchronized void free() {
    leftToLog = hotRows() + parkedRows();
    freed = true;
    forEachSet(
        set -> {
          if (set.state() != ChunkState.PERSISTING) {
            set.free();
          }
        });
    persisted.clear();
    sealed.clear();
    open = null;
  }

  private void forEachSet(Consumer<ChunkSet> action) {
    persisted.forEach(action);
    sealed.forEach(action);
    if (open != null) {
      action.accept(open);
    }
  }
}
