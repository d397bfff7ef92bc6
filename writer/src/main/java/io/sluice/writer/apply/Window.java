package io.sluice.writer.apply;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.sluice.schema.wire.BatchId;
import java.util.Arrays;

/**
 * The dedup window: batch id to the occurrence that counts (DESIGN section 3). A ring of entries in
 * the order they were applied, and a hash index over it. Guarded by its monitor: the apply thread
 * decides, a checkpoint copies.
 *
 * <p>It ages by log time, never by a wall clock, from the last occurrence of an id, whether that
 * one counted or was a repeat: a replay from a checkpoint may take for a repeat what counted here
 * (it knows an id longer, never shorter), and both must forget the id at the same time after that.
 * An id stays as long as any occurrence of it lies above the release point: a replay meets that
 * occurrence again.
 *
 * <p>In a log with replicas limits and release points come from the log, too, and a snapshot has
 * the entries as they are, in their order ({@link #reset}): what is forgotten, early or not, is the
 * same on all of them.
 */
public final class Window {

  private static final int EMPTY = -1;

  /**
   * What bounds it. In a replicated log, a part of what decides, and so told by the log.
   *
   * @param ageMicros how long an id is remembered, in log time
   * @param maxEntries beyond it the oldest released ids are forgotten before their time
   */
  public record Limits(long ageMicros, int maxEntries) {}

  private Limits limits;

  private long[] high = new long[1024];
  private long[] low = new long[1024];
  private long[] position = new long[1024];
  private int[] ordinal = new int[1024];
  private long[] logTime = new long[1024];
  private long[] lastSeen = new long[1024];
  private boolean[] seenAgain = new boolean[1024];
  private int first;
  private int size;
  private int[] index = newIndex(4096);
  private long releasePoint;
  private long decidedTo;
  private long knownTo;
  private long newest;
  private long evictedEarly;
  private long agedAt;
  private volatile boolean isFull;

  /**
   * @param ageMicros how long an id is remembered, in log time
   * @param maxEntries beyond it the oldest released ids are forgotten before their time
   */
  public Window(long ageMicros, int maxEntries) {
    this(new Limits(ageMicros, maxEntries));
  }

  public Window(Limits limits) {
    this.limits = limits;
  }

  /**
   * Decides an occurrence of the id. It counts if the id is not known, and is from now on; or if it
   * is known by this very occurrence, which a replay meets again.
   */
  synchronized Occurrence decide(BatchId id, long atPosition, int atOrdinal, long atLogTime) {
    newest = Math.max(newest, atPosition);
    int slot = find(id);
    int entry = index[slot];
    if (entry == EMPTY) {
      if (atPosition <= knownTo) {
        throw new IllegalStateException(
            "cannot decide batch %s at position %d: the snapshot of position %d does not know it"
                .formatted(id, atPosition, knownTo));
      }
      add(id, atPosition, atOrdinal, atLogTime, atPosition, slot);
      return Occurrence.COUNTS;
    }
    boolean forgotten = atPosition > decidedTo && mayGo(entry) && isOld(entry, atLogTime);
    if (atPosition > knownTo) {
      lastSeen[entry] = Math.max(lastSeen[entry], atPosition);
      logTime[entry] = Math.max(logTime[entry], atLogTime);
      seenAgain[entry] = true;
    }
    if (forgotten) {
      position[entry] = atPosition;
      ordinal[entry] = atOrdinal;
    }
    if (position[entry] == atPosition) {
      return ordinal[entry] == atOrdinal ? Occurrence.COUNTS : Occurrence.REPEAT_IN_MESSAGE;
    }
    return position[entry] > releasePoint
        ? Occurrence.REPEAT_IN_LOG
        : Occurrence.REPEAT_OF_RELEASED;
  }

  private boolean mayGo(int entry) {
    return lastSeen[entry] <= releasePoint;
  }

  private boolean isOld(int entry, long nowLogTime) {
    return nowLogTime - logTime[entry] > limits.ageMicros;
  }

  /** Whether the id is remembered. */
  synchronized boolean knows(BatchId id) {
    return index[find(id)] != EMPTY;
  }

  /** Forgets what is older than the window at this log time, or too much; newest last. */
  public synchronized void age(long nowLogTime) {
    agedAt = nowLogTime;
    boolean going = newest >= decidedTo;
    while (going && size > 0) {
      going = forgetFirst(nowLogTime);
    }
    isFull = size > limits.maxEntries;
  }

  /** False: the first is to stay. */
  private boolean forgetFirst(long nowLogTime) {
    if (seenAgain[first]) {
      moveFirstBack();
      return true;
    }
    boolean old = isOld(first, nowLogTime);
    if (!mayGo(first) || (!old && size <= limits.maxEntries)) {
      return false;
    }
    if (!old) {
      evictedEarly++;
    }
    removeFirst();
    return true;
  }

  /**
   * Whether it holds more ids than it may, as none of them may go before what the log holds is
   * persisted: nothing more should be taken. Safe for any thread.
   */
  public boolean isFull() {
    return isFull;
  }

  /**
   * Whether an eighth of its room is left, at most, for ids that must not be forgotten. By the
   * order in which they came, nearly: one that was seen again counts where it came last.
   */
  public synchronized boolean isNearlyFull() {
    int most = limits.maxEntries / 8 * 7;
    return size > most && lastSeen[(first + size - 1 - most) & (high.length - 1)] > releasePoint;
  }

  /** Ids that were last seen at or below this position may age from now on. */
  public synchronized void released(long upTo) {
    releasePoint = Math.max(releasePoint, upTo);
    if (isFull) {
      age(agedAt); // nothing is taken while it is full, and so nothing may be applied any more
    }
  }

  /**
   * Positions up to this one were decided by an earlier process, maybe by ids that were released
   * since: until they are decided again, nothing is forgotten.
   */
  synchronized void replays(long upTo) {
    decidedTo = upTo;
  }

  /** Other limits from the next decision on. */
  synchronized void limit(Limits newLimits) {
    limits = newLimits;
  }

  synchronized Limits limits() {
    return limits;
  }

  synchronized long releasePoint() {
    return releasePoint;
  }

  /**
   * Forgets everything, to be filled from a snapshot of a replica.
   *
   * @param snapshotOf position up to which the snapshot knows all that was decided: it is decided
   *     again from {@code released} on, and changes nothing until there
   */
  synchronized void reset(Limits newLimits, long released, long snapshotOf) {
    first = 0;
    size = 0;
    Arrays.fill(index, EMPTY);
    limits = newLimits;
    releasePoint = released;
    decidedTo = snapshotOf;
    knownTo = snapshotOf;
    newest = released;
    agedAt = 0;
    isFull = false;
  }

  /** Nothing up to here will be decided any more: it is lost, or there is no record of ours. */
  synchronized void passed(long upTo) {
    newest = Math.max(newest, upTo);
  }

  public synchronized int size() {
    return size;
  }

  /** How many ids it keeps at most once they are released. */
  int room() {
    return limits().maxEntries;
  }

  /** Ids that were forgotten before their time because there were too many. */
  public synchronized long evictedEarly() {
    return evictedEarly;
  }

  /** All entries, oldest first, as one consistent copy. */
  synchronized Entries entries() {
    Entries copy = Entries.of(size);
    for (int i = 0; i < size; i++) {
      int entry = (first + i) & (high.length - 1);
      copy.high()[i] = high[entry];
      copy.low()[i] = low[entry];
      copy.position()[i] = position[entry];
      copy.ordinal()[i] = ordinal[entry];
      copy.logTime()[i] = logTime[entry];
      copy.lastSeen()[i] = lastSeen[entry];
      copy.seenAgain()[i] = seenAgain[entry];
    }
    return copy;
  }

  /**
   * Puts an entry of a checkpoint back; the id must not be known.
   *
   * @param upTo the position that the checkpoint stands for: repeats were seen up to there
   */
  synchronized void restore(BatchId id, long atPosition, int atOrdinal, long atLogTime, long upTo) {
    restore(id, atPosition, atOrdinal, atLogTime, Math.max(atPosition, upTo), false);
  }

  /** Puts an entry of a snapshot back, as it was; the id must not be known. */
  synchronized void restore(
      BatchId id, long atPosition, int atOrdinal, long lastTime, long seen, boolean again) {
    int slot = find(id);
    if (index[slot] != EMPTY) {
      throw new IllegalArgumentException("cannot restore window: batch " + id + " stands twice");
    }
    int entry = add(id, atPosition, atOrdinal, lastTime, seen, slot);
    seenAgain[entry] = again;
  }

  @CanIgnoreReturnValue
  private int add(BatchId id, long atPosition, int atOrdinal, long atLogTime, long seen, int slot) {
    if (size == high.length) {
      grow();
      slot = find(id);
    }
    int entry = (first + size) & (high.length - 1);
    high[entry] = id.high();
    low[entry] = id.low();
    position[entry] = atPosition;
    ordinal[entry] = atOrdinal;
    logTime[entry] = atLogTime;
    lastSeen[entry] = seen;
    seenAgain[entry] = false;
    size++;
    index[slot] = entry;
    return entry;
  }

  /** Behind all others, as if it had just come: it has been seen since it was put in. */
  private void moveFirstBack() {
    int slot = find(new BatchId(high[first], low[first]));
    int last = (first + size) & (high.length - 1); // itself, if the ring is full
    high[last] = high[first];
    low[last] = low[first];
    position[last] = position[first];
    ordinal[last] = ordinal[first];
    logTime[last] = logTime[first];
    lastSeen[last] = lastSeen[first];
    seenAgain[last] = false;
    index[slot] = last;
    first = (first + 1) & (high.length - 1);
  }

  private void removeFirst() {
    int slot = find(new BatchId(high[first], low[first]));
    index[slot] = EMPTY;
    closeGap(slot);
    first = (first + 1) & (high.length - 1);
    size--;
  }

  /**
   * Linear probing without tombstones: entries behind a gap move into it if they hash before it.
   */
  private void closeGap(int gapSlot) {
    int mask = index.length - 1;
    int gap = gapSlot;
    for (int slot = (gap + 1) & mask; index[slot] != EMPTY; slot = (slot + 1) & mask) {
      int home = home(low[index[slot]]);
      if (((slot - home) & mask) >= ((slot - gap) & mask)) {
        index[gap] = index[slot];
        index[slot] = EMPTY;
        gap = slot;
      }
    }
  }

  private int find(BatchId id) {
    int mask = index.length - 1;
    int slot = home(id.low());
    while (index[slot] != EMPTY) {
      int entry = index[slot];
      if (high[entry] == id.high() && low[entry] == id.low()) {
        return slot;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private int home(long lowBits) {
    return (int) ((lowBits * 0x9E3779B97F4A7C15L) >>> 32) & (index.length - 1);
  }

  private void grow() {
    int capacity = Math.multiplyExact(high.length, 2);
    high = unroll(high, capacity);
    low = unroll(low, capacity);
    position = unroll(position, capacity);
    logTime = unroll(logTime, capacity);
    lastSeen = unroll(lastSeen, capacity);
    int[] ordinals = new int[capacity];
    boolean[] again = new boolean[capacity];
    for (int i = 0; i < size; i++) {
      int entry = (first + i) & (ordinal.length - 1);
      ordinals[i] = ordinal[entry];
      again[i] = seenAgain[entry];
    }
    ordinal = ordinals;
    seenAgain = again;
    first = 0;
    index = newIndex(capacity * 4);
    for (int entry = 0; entry < size; entry++) {
      index[find(new BatchId(high[entry], low[entry]))] = entry;
    }
  }

  private long[] unroll(long[] ring, int capacity) {
    long[] longer = new long[capacity];
    for (int i = 0; i < size; i++) {
      longer[i] = ring[(first + i) & (ring.length - 1)];
    }
    return longer;
  }

  private static int[] newIndex(int capacity) {
    int[] index = new int[capacity];
    Arrays.fill(index, EMPTY);
    return index;
  }

  /** Columns of entries, oldest first. */
  @SuppressWarnings("ArrayRecordComponent") // a copy that only the checkpoint's writer sees
  record Entries(
      long[] high,
      long[] low,
      long[] position,
      int[] ordinal,
      long[] logTime,
      long[] lastSeen,
      boolean[] seenAgain) {

    static Entries of(int size) {
      return new Entries(
          new long[size],
          new long[size],
          new long[size],
          new int[size],
          new long[size],
          new long[size],
          new boolean[size]);
    }
  }
}
