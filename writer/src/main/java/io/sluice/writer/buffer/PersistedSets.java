package io.sluice.writer.buffer;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayDeque;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The sets of a table that a commit holds, kept a while for readers with an older snapshot; oldest
 * first. Guarded by the table's buffer.
 */
final class PersistedSets {

  private final ArrayDeque<ChunkSet> sets = new ArrayDeque<>();
  private long letGo;

  /**
   * @param mark the table's: rows at or below it are in the table only
   */
  PersistedSets(long mark) {
    this.letGo = mark;
  }

  /** The position of the last row that is in the table only. */
  long letGo() {
    return letGo;
  }

  /** Nothing is kept, and the table's mark is there. */
  void begin(long mark) {
    while (!sets.isEmpty()) {
      releaseOldest();
    }
    letGo = mark;
  }

  void add(ChunkSet set) {
    sets.add(set);
    releaseWhileAny(ChunkSet::isParked); // their files go
  }

  /** Lets go of those older than the grace; returns the bytes that this frees. */
  long release(long nowNanos, long graceNanos) {
    long freed = 0;
    while (!sets.isEmpty() && nowNanos - sets.peek().persistedNanos() >= graceNanos) {
      freed += releaseOldest();
    }
    return freed;
  }

  /** A reader cannot have a set without those that follow, so the oldest goes first. */
  void releaseWhileAny(Predicate<ChunkSet> unwanted) {
    while (sets.stream().anyMatch(unwanted)) {
      releaseOldest();
    }
  }

  /** Where the first begins for which the log keeps rows. */
  OptionalLong firstInLog() {
    return sets.stream().filter(set -> set.loggedRows() > 0).mapToLong(ChunkSet::from).findFirst();
  }

  void forEach(Consumer<ChunkSet> action) {
    sets.forEach(action);
  }

  void clear() {
    sets.clear();
  }

  @CanIgnoreReturnValue
  private long releaseOldest() {
    ChunkSet oldest = sets.remove();
    letGo = oldest.lastRow();
    oldest.release();
    return oldest.heldBytes();
  }
}
