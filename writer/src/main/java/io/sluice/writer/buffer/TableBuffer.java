package io.sluice.writer.buffer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The hot rows of one table: those that no commit holds, and the persisted ones that readers may
 * still need. Guarded by its monitor: the apply thread adds, the persister moves sets on, the pace
 * thread spills, readers collect.
 *
 * <p>Invariant: the sets' ranges are adjacent, oldest first; a row is in exactly one set, or at or
 * below {@code letGo}, the position of the last row that was persisted and let go. Rows that are in
 * the log only are kept by it as long as a set has them, persisted or not: see {@link #owedAfter}.
 */
public final class TableBuffer {

  private final TableKey key;
  private final LoggedRows logged;
  private final HotReads reads;
  private final BooleanSupplier follows;
  private final PersistedSets persisted;
  private final OwedSets owed;
  private long lastAdded;
  private RecordCounts came = RecordCounts.NONE;
  private long leftToLog; // when the process ends
  private boolean freed;

  /**
   * @param follows whether another process persists the log: it turns true before {@link #follow}
   */
  TableBuffer(
      TableKey key,
      long mark,
      SealPolicy policy,
      LoggedRows logged,
      HotReads reads,
      BooleanSupplier follows) {
    this.key = key;
    this.follows = follows;
    this.owed = new OwedSets(key, mark, policy);
    this.logged = logged;
    this.reads = reads;
    this.persisted = new PersistedSets(mark);
  }

  public TableKey key() {
    return key;
  }

  /**
   * Takes over what an earlier process parked, before anything is added: adjacent ranges, oldest
   * first, the last above the mark.
   */
  synchronized void restore(List<ParkedRange> ranges, long nowNanos) {
    for (ParkedRange range : ranges) {
      came = came.plus(RecordCounts.replayed(range.rows()));
      owed.addParked(ChunkSet.parked(key, range, nowNanos));
      persisted.begin(owed.mark());
      lastAdded = Math.max(lastAdded, range.lastRow());
    }
  }

  /** Rows at or below this position are in a set or in the table: a replay adds what is above. */
  public synchronized long replayedTo() {
    return owed.sealedTo();
  }

  /**
   * Takes over the batch. Positions only grow. At or below the mark, where that was moved by what
   * another process persisted, its rows are in the table, and it is nobody's.
   *
   * @param voids ordinals of the record's batches that are repeats
   * @param more what the record adds to the table's ledger: counted as it becomes hot, so that at
   *     any moment the ledger adds up
   */
  synchronized void add(BatchRows rows, int[] voids, RecordCounts more, long nowNanos) {
    if (rows.batch().position() <= owed.mark()) {
      rows.batch().release();
      return;
    }
    openFor(rows.batch().position(), nowNanos).add(rows, voids);
    added(rows.batch().position(), more);
  }

  /** As {@link #add}, of rows that stay in the log. */
  synchronized void addLogged(
      long position, long rows, long bytes, int[] voids, RecordCounts more, long nowNanos) {
    if (position <= owed.mark()) {
      return;
    }
    openFor(position, nowNanos).addLogged(position, rows, bytes, voids);
    added(position, more);
  }

  /** A record of repeats only: which those are matters if there are rows before and after it. */
  synchronized void addVoids(long position, int[] voids, RecordCounts more) {
    owed.addVoids(position, voids);
    came = came.plus(more);
  }

  private ChunkSet openFor(long position, long nowNanos) {
    if (position <= lastAdded) {
      throw new IllegalStateException(
          "cannot add position %d to %s: it is at %d".formatted(position, key, lastAdded));
    }
    return owed.openFor(position, nowNanos);
  }

  private void added(long position, RecordCounts more) {
    lastAdded = position;
    came = came.plus(more);
    notifyAll();
  }

  /** Seals if the policy says so. See {@link #seal(long)}. */
  synchronized boolean sealIf(long applied, long nowNanos) {
    if (follows.getAsBoolean() || !owed.isComplete(nowNanos)) {
      return false;
    }
    owed.seal(applied);
    return true;
  }

  /**
   * Completes the open set, if there is one; not while another process persists the log.
   *
   * @param applied the highest position applied with no gap, as seen before the call: rows beyond
   *     it may have been added since, and then it is the last of them
   * @return the position that all rows up to now are persisted with: one that was sealed here or
   *     before, so that waiting for it waits for nothing that comes later
   */
  @CanIgnoreReturnValue
  synchronized long seal(long applied) {
    if (!follows.getAsBoolean()) {
      owed.seal(applied);
    }
    return Math.max(owed.sealedTo(), lastAdded);
  }

  /** Seals the open set, if the log is kept for it and for none that was sealed before. */
  synchronized void sealOldest(long applied) {
    if (!follows.getAsBoolean() && owed.isOldestOpen()) {
      owed.seal(applied);
    }
  }

  /** Whether there are sealed sets that no commit holds, and that this process persists. */
  public synchronized boolean isOwed() {
    return !follows.getAsBoolean() && owed.hasSealed();
  }

  /**
   * The oldest sealed set, now persisting; nothing if one is persisting already. Sets that piled up
   * behind a failing one go as one, up to the size at which a set is sealed.
   */
  public synchronized Optional<ChunkSet> beginPersist() {
    return follows.getAsBoolean() ? Optional.empty() : owed.beginPersist();
  }

  /**
   * The oldest sealed set whose rows are not parked, now held as if it were persisting; as many
   * behind it as go into one are taken over; nothing if somebody else has it. Give it back by
   * {@link #parked} or {@link #persistFailed}.
   */
  public synchronized Optional<ChunkSet> beginPark() {
    return freed || follows.getAsBoolean() ? Optional.empty() : owed.beginPark();
  }

  /** The set's rows are in a parked file, durably: the log is not needed for them. */
  public synchronized void parked(ChunkSet set) {
    if (!freed && !set.isOrphaned()) {
      set.park();
    }
    persistFailed(set);
  }

  /**
   * The table was begun anew, and what is owed to it goes into the table as it is now: its oldest
   * set, which is persisting, begins at the mark. What the old table held is not there any more.
   *
   * @param rename of the set's file if it is parked; no read is opened meanwhile
   */
  public synchronized <E extends Exception> void rebased(
      ChunkSet set, long newMark, RenamedFile<E> rename) throws E {
    if (set.isOrphaned()) {
      throw new IllegalStateException("cannot begin " + key + " anew: another persists it");
    }
    if (set.isParked()) {
      rename.run();
    }
    set.rebase(newMark);
    set.persistFailed();
    rebase(newMark);
  }

  /**
   * The same, of a table that is owed nothing.
   *
   * @return false if it is owed something meanwhile
   */
  public synchronized boolean rebased(long newMark) {
    if (owed.isEmpty()) {
      rebase(newMark);
    }
    return owed.isEmpty();
  }

  private void rebase(long newMark) {
    owed.rebase(newMark);
    persisted.begin(newMark);
    notifyAll();
  }

  /**
   * @return whether the set will be tried again: not if another one has its rows now
   */
  @CanIgnoreReturnValue
  public synchronized boolean persistFailed(ChunkSet set) {
    if (freed || set.isOrphaned()) {
      set.free();
      return false;
    }
    set.persistFailed();
    notifyAll();
    return true;
  }

  /** The table holds the set's rows. */
  public synchronized void persisted(ChunkSet set, long nowNanos) {
    if (freed || set.isOrphaned()) {
      set.free();
      moveMark(set.to());
      return;
    }
    owed.persisted(set, nowNanos);
    persisted.add(set);
    notifyAll();
  }

  /**
   * Another process persists the log from now on: all rows that no commit holds are in the log
   * only, and in no memory. Readers that are under way keep what they have.
   */
  synchronized void follow() {
    persisted.releaseWhileAny(set -> true);
    owed.leaveToLog();
    notifyAll();
  }

  /**
   * The table holds all rows up to here, whoever brought them there; lower than an earlier mark: no
   * effect. What is owed begins behind it.
   */
  synchronized void moveMark(long to) {
    if (to > owed.mark() && !freed) {
      owed.moveMark(to);
      persisted.begin(to);
      notifyAll();
    }
  }

  /**
   * All rows go: those above the position will be applied again, the others are in the table.
   * Readers that are under way keep what they have.
   */
  synchronized void reset(long released) {
    follow();
    owed.cut(released);
    came = came.plus(RecordCounts.replayed(-hotRows()));
    owed.clear();
    lastAdded = Math.min(lastAdded, owed.mark());
  }

  /** Lets go of persisted sets older than the grace; returns the bytes that this frees. */
  synchronized long release(long nowNanos, long graceNanos) {
    return persisted.release(nowNanos, graceNanos);
  }

  /** Of persisted sets, keeps only those that are not such. */
  synchronized void releaseWhileAny(Predicate<ChunkSet> unwanted) {
    persisted.releaseWhileAny(unwanted);
  }

  /** Memory runs short: whether it left a sealed set to the log: the newest, whose turn is last. */
  synchronized boolean spillNewest() {
    return owed.spillNewest();
  }

  /** Bytes of sealed rows that could be left to the log. */
  synchronized long spillableBytes() {
    return owed.spillableBytes();
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
    return Waiting.on(this, () -> lastAdded > after, time);
  }

  /** Waits until everything up to {@code position} is persisted, or the time is up. */
  public synchronized boolean awaitPersisted(long position, Duration time)
      throws InterruptedException {
    return Waiting.on(this, () -> owed.mark() >= position, time);
  }

  /**
   * The highest position below which the log need keep nothing for the table or its readers, given
   * what was applied.
   */
  synchronized long owedAfter(long applied) {
    long after = owed.oldestInLog().map(ChunkSet::from).orElse(Math.max(applied, owed.mark()));
    return persisted.firstInLog().orElse(after);
  }

  /** The table's mark as this process knows it. */
  public synchronized long mark() {
    return owed.mark();
  }

  /** Its ledger, at one moment. */
  public synchronized RecordCounts records() {
    return came.plus(RecordCounts.held(hotRows(), owed.persistedRows(), parkedRows()));
  }

  /** Rows that no commit holds yet, but for those that are parked. */
  public synchronized long hotRows() {
    return leftToLog + owed.sumInLog(ChunkSet::rows);
  }

  /** Rows that no commit holds yet, in parked files. */
  public synchronized long parkedRows() {
    return owed.parkedRows();
  }

  /** Of all rows that no commit holds yet, were they in memory. */
  public synchronized long owedBytes() {
    return owed.bytes();
  }

  /** Of the hot ones, rows that are in the log only. */
  public synchronized long loggedRows() {
    return owed.sumInLog(ChunkSet::loggedRows);
  }

  /** All bytes held in memory, also of persisted sets in their grace. */
  public synchronized long bytes() {
    long[] sum = {0};
    forEachSet(set -> sum[0] += set.heldBytes());
    return sum[0];
  }

  /** Its sets by where they stand. */
  public synchronized HotSets sets() {
    return HotSets.of(this::forEachSet);
  }

  /** Bytes in memory that no set seals yet. */
  synchronized long openBytes() {
    return owed.openBytes();
  }

  /** Frees everything: the process ends. A set that is persisting is freed when that ends. */
  synchronized void free() {
    leftToLog = hotRows() + parkedRows();
    freed = true;
    forEachSet(ChunkSet::freeUnlessPersisting);
    persisted.clear();
    owed.clear();
  }

  private void forEachSet(Consumer<ChunkSet> action) {
    persisted.forEach(action);
    owed.forEach(action);
  }
}
