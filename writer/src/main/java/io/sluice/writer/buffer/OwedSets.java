package io.sluice.writer.buffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The sealed sets of a table that no commit holds, oldest first, their ranges adjacent: first those
 * that are parked, then those that the log still has. Guarded by the table's buffer.
 */
final class OwedSets {

  private final ArrayDeque<ChunkSet> sets = new ArrayDeque<>();
  private final long setBytes;

  /**
   * @param setBytes sets go into one as long as they are no larger together
   */
  OwedSets(long setBytes) {
    this.setBytes = setBytes;
  }

  void add(ChunkSet set) {
    sets.add(set);
  }

  boolean isEmpty() {
    return sets.isEmpty();
  }

  @Nullable ChunkSet oldest() {
    return sets.peek();
  }

  void removeOldest() {
    sets.remove();
  }

  /** The oldest that is not parked: the log must keep it. */
  Optional<ChunkSet> oldestInLog() {
    return sets.stream().filter(set -> !set.isParked()).findFirst();
  }

  /** The oldest, now persisting; nothing if one is persisting already. */
  Optional<ChunkSet> beginPersist() {
    ChunkSet oldest = sets.peek();
    return oldest == null || oldest.state() != ChunkState.SEALED
        ? Optional.empty()
        : Optional.of(begun(oldest));
  }

  /** The same of the oldest that is not parked. */
  Optional<ChunkSet> beginPark() {
    return oldestInLog().filter(set -> set.state() == ChunkState.SEALED).map(this::begun);
  }

  private ChunkSet begun(ChunkSet first) {
    List<ChunkSet> behind = new ArrayList<>(sets);
    behind.subList(0, behind.indexOf(first) + 1).clear();
    for (ChunkSet next : behind) {
      if (!first.isUntried() || first.bytes() + next.bytes() > setBytes) {
        break;
      }
      first.absorb(next);
      sets.remove(next);
    }
    first.beginPersist();
    return first;
  }

  /** Leaves the rows of the newest one to the log; whether there was one. */
  boolean spillNewest() {
    for (Iterator<ChunkSet> newest = sets.descendingIterator(); newest.hasNext(); ) {
      ChunkSet set = newest.next();
      if (set.canSpill()) {
        set.spill();
        return true;
      }
    }
    return false;
  }

  long spillableBytes() {
    return sets.stream().filter(ChunkSet::canSpill).mapToLong(ChunkSet::heldBytes).sum();
  }

  /** Over those that are not parked. */
  long sumInLog(ToLongFunction<ChunkSet> of) {
    return sets.stream().filter(set -> !set.isParked()).mapToLong(of).sum();
  }

  long parkedRows() {
    return sets.stream().filter(ChunkSet::isParked).mapToLong(ChunkSet::rows).sum();
  }

  long bytes() {
    return sets.stream().mapToLong(ChunkSet::bytes).sum();
  }

  void forEach(Consumer<ChunkSet> action) {
    sets.forEach(action);
  }

  void clear() {
    sets.clear();
  }
}
