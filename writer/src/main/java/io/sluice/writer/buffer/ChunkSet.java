package io.sluice.writer.buffer;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The rows of one table that go into one commit: all with a position in (from, to], in memory or in
 * the log only. Guarded by its table's buffer; which rows they are is unchanging once it is sealed,
 * and nothing at all changes while it is persisting.
 */
public final class ChunkSet {

  private final TableKey table;
  private long from;
  private final long openedNanos;
  private final Voids voids;
  private final RecordRows records;
  private List<HotPart> parts = new ArrayList<>();
  private ChunkState state = ChunkState.OPEN;
  private long to;
  private long lastRow;
  private boolean tried;
  private boolean parked;
  private boolean orphaned;
  private long rows;
  private long loggedRows;
  private long bytes;
  private long loadedBytes; // as bytes, of what is in memory
  private long heldBytes; // of what is in memory, as it is now
  private long persistedNanos;

  ChunkSet(TableKey table, long from, long openedNanos) {
    this(table, from, openedNanos, new Voids(), new RecordRows());
  }

  private ChunkSet(TableKey table, long from, long openedNanos, Voids voids, RecordRows records) {
    this.table = table;
    this.voids = voids;
    this.records = records;
    this.from = from;
    this.to = from;
    this.lastRow = from;
    this.openedNanos = openedNanos;
  }

  /** A set that an earlier process parked. */
  static ChunkSet parked(TableKey table, ParkedRange range, long nowNanos) {
    ChunkSet set = new ChunkSet(table, range.from(), nowNanos);
    set.parts.add(range.part(set.voids));
    set.count(range.lastRow(), range.rows(), range.bytes());
    set.loggedRows = range.rows();
    set.parked = true;
    set.tried = true;
    set.seal(range.to());
    return set;
  }

  /** Takes over the batch. */
  void add(BatchRows content, int[] voidOrdinals) {
    long position = content.batch().position();
    long more = content.rows();
    long moreBytes = content.batch().bytes();
    addVoids(position, voidOrdinals);
    append(parts, new LoadedPart(content, voids));
    count(position, more, moreBytes);
    records.add(position, more, moreBytes);
    loadedBytes += moreBytes;
    heldBytes += content.batch().heldBytes();
  }

  /** A record whose rows stay in the log. */
  void addLogged(long position, long more, long moreBytes, int[] voidOrdinals) {
    addVoids(position, voidOrdinals);
    append(parts, LoggedPart.inLog(position - 1, position, more, moreBytes, voids));
    count(position, more, moreBytes);
    records.add(position, more, moreBytes);
    loggedRows += more;
  }

  /** Of a record that may have no rows that count. */
  void addVoids(long position, int[] ordinals) {
    for (int ordinal : ordinals) {
      voids.add(position, ordinal);
    }
  }

  private void count(long position, long more, long moreBytes) {
    to = position;
    lastRow = position;
    rows += more;
    bytes += moreBytes;
  }

  private static void append(List<HotPart> to, HotPart part) {
    HotPart last = to.isEmpty() ? null : to.get(to.size() - 1);
    if (last instanceof LoggedPart before
        && part instanceof LoggedPart later
        && before.joins(later)) {
      to.set(to.size() - 1, before.with(later));
    } else {
      to.add(part);
    }
  }

  void seal(long upTo) {
    move(ChunkState.SEALED);
    to = upTo;
  }

  /**
   * Takes over the next set: one commit instead of two. Neither was ever tried, since what a commit
   * with unknown outcome covers must stay as it is.
   */
  void absorb(ChunkSet next) {
    if (!isUntried() || !next.isUntried() || next.from != to) {
      throw new IllegalStateException(
          "chunks of %s (%d, %d] cannot take over (%d, %d]"
              .formatted(table, from, to, next.from, next.to));
    }
    parts.addAll(next.parts);
    records.addAll(next.records);
    to = next.to;
    lastRow = next.lastRow;
    rows += next.rows;
    loggedRows += next.loggedRows;
    bytes += next.bytes;
    loadedBytes += next.loadedBytes;
    heldBytes += next.heldBytes;
  }

  /** Memory runs short: from now on all its rows are in the log only. */
  void spill() {
    if (!canSpill()) {
      throw new IllegalStateException(
          "chunks of %s (%d, %d] cannot be spilled: %s".formatted(table, from, to, state));
    }
    List<HotPart> logged = new ArrayList<>();
    for (HotPart part : parts) {
      append(logged, part instanceof LoadedPart loaded ? loaded.spilled() : part);
    }
    letGo();
    parts = logged;
    loggedRows = rows;
    loadedBytes = 0;
    heldBytes = 0;
  }

  /**
   * Another process may have this set's place: a set of its rows above the mark takes it, all of
   * them in the log only. If a persist of this one is under way it is nobody's from now on, and
   * goes when that ends; else it goes at once.
   */
  ChunkSet leaveToLog(long mark) {
    IdentityHashMap<Voids, Voids> cut = new IdentityHashMap<>();
    UnaryOperator<Voids> above =
        old -> mark <= from ? old : cut.computeIfAbsent(old, v -> v.above(mark));
    ChunkSet rest =
        new ChunkSet(
            table,
            Math.max(from, mark),
            openedNanos,
            above.apply(voids),
            mark <= from ? records : records.above(mark));
    for (HotPart part : parts) {
      if (part.to() > mark) {
        LoggedPart kept = part.above(mark, records, above.apply(part.voids()));
        append(rest.parts, kept);
        rest.count(kept.to(), kept.rows(), kept.bytes());
        rest.loggedRows += kept.rows();
      }
    }
    if (state != ChunkState.OPEN) {
      rest.seal(to);
    }
    if (state == ChunkState.PERSISTING) {
      orphaned = true;
    } else {
      free();
    }
    return rest;
  }

  /** Its persist is under way, and another set has its rows meanwhile. */
  boolean isOrphaned() {
    return orphaned;
  }

  /** Persisting: its rows are in a parked file, and from now on there only. */
  void park() {
    if (state != ChunkState.PERSISTING || parked) {
      throw new IllegalStateException(
          "chunks of %s (%d, %d] cannot be parked: %s".formatted(table, from, to, state));
    }
    letGo();
    parts = new ArrayList<>();
    parts.add(new LoggedPart(from, to, rows, bytes, voids, true));
    loggedRows = rows;
    loadedBytes = 0;
    heldBytes = 0;
    parked = true;
  }

  public boolean isParked() {
    return parked;
  }

  /** Persisting, and the first: the table was begun anew, and its mark is there. */
  void rebase(long mark) {
    if (state != ChunkState.PERSISTING || mark > from) {
      throw new IllegalStateException(
          "chunks of %s (%d, %d] cannot begin at %d".formatted(table, from, to, mark));
    }
    from = mark;
    if (parked) {
      parts.set(0, new LoggedPart(from, to, rows, bytes, voids, true));
    }
  }

  /**
   * The repeats that the set knows at a position with rows of it; nothing if there are no rows that
   * count there. While it is persisting.
   */
  public Optional<Voids> rowsAt(long position) {
    return parts.stream()
        .filter(part -> part.from() < position && position <= part.to())
        .map(HotPart::voids)
        .findFirst();
  }

  /** Whether it holds memory that nobody uses now. */
  boolean canSpill() {
    return state == ChunkState.SEALED && heldBytes > 0;
  }

  /** Sealed, and no commit of it was begun. */
  boolean isUntried() {
    return state == ChunkState.SEALED && !tried;
  }

  void beginPersist() {
    tried = true;
    move(ChunkState.PERSISTING);
  }

  void persistFailed() {
    move(ChunkState.SEALED);
  }

  void persisted(long nowNanos) {
    move(ChunkState.PERSISTED);
    persistedNanos = nowNanos;
  }

  void release() {
    move(ChunkState.RELEASED);
    free();
  }

  /** The same, but for what is being persisted: whoever does that has it. */
  void freeUnlessPersisting() {
    if (state != ChunkState.PERSISTING) {
      free();
    }
  }

  /** Lets go of the batches, whatever the state: for a release, or as nobody needs the set. */
  void free() {
    letGo();
    parts.clear();
  }

  private void letGo() {
    for (HotPart part : parts) {
      if (part instanceof LoadedPart loaded) {
        loaded.content().batch().letGo();
      }
    }
  }

  /** Everything with a position above {@code after}. */
  void collect(long after, Consumer<HotPart> parted) {
    for (HotPart part : parts) {
      if (part.to() > after) {
        parted.accept(part);
      }
    }
  }

  List<HotPart> parts() {
    return parts;
  }

  public TableKey table() {
    return table;
  }

  /** Exclusive. */
  public long from() {
    return from;
  }

  /** Inclusive; of an open set, the last position in it. */
  public long to() {
    return to;
  }

  /**
   * The position before its first row: the log may have let go of what lies from the begin to it.
   */
  public long beforeFirstRow() {
    return parts.isEmpty() ? from : parts.get(0).from();
  }

  /** The position of its last row: from there to {@link #to} the log has nothing of this table. */
  public long lastRow() {
    return lastRow;
  }

  public long rows() {
    return rows;
  }

  /** Rows of it that are in the log only. */
  long loggedRows() {
    return loggedRows;
  }

  /** Of all its rows, were they in memory. */
  public long bytes() {
    return bytes;
  }

  /** Of those that are in memory. */
  long heldBytes() {
    return heldBytes;
  }

  /** What has to be read back before it can be written. */
  public long loggedBytes() {
    return bytes - loadedBytes;
  }

  long openedNanos() {
    return openedNanos;
  }

  long persistedNanos() {
    return persistedNanos;
  }

  ChunkState state() {
    return state;
  }

  private void move(ChunkState next) {
    if (!state.canBecome(next)) {
      throw new IllegalStateException(
          "chunks of %s (%d, %d]: %s -> %s is no step".formatted(table, from, to, state, next));
    }
    state = next;
  }
}
