package io.sluice.writer.buffer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The sets of a table that no commit holds, oldest first, their ranges adjacent: sealed ones, of
 * those first the ones that are parked, then those that the log still has; and at the end the open
 * one, if there are rows that no set seals yet. Guarded by the table's buffer.
 *
 * <p>Exactly once, also where several processes have the log and take turns to persist it: a set is
 * all rows in (from, to], its commit is refused unless the table's mark is {@code from}, and moves
 * it to {@code to}. So the rows at or below a table's mark are in it, once, whoever brought them;
 * which rows those are is a function of the log. Hence a mark that is read anywhere may be taken
 * over at any time ({@link #moveMark}): what lies at or below it is cut off, what is left begins at
 * it. A commit of ours that is under way meanwhile is harmless: it is refused, or it comes first,
 * and then its end is the mark.
 */
final class OwedSets {

  private final TableKey table;
  private final SealPolicy policy;
  private final ArrayDeque<ChunkSet> sealed = new ArrayDeque<>();
  private @Nullable ChunkSet open;
  private long sealedTo;
  private long mark;
  private long persistedRows;

  /**
   * @param policy when a set is complete; smaller ones go into one up to its size
   */
  OwedSets(TableKey table, long mark, SealPolicy policy) {
    this.table = table;
    this.sealedTo = mark;
    this.mark = mark;
    this.policy = policy;
  }

  /** The table's, as it is known here: they begin at it. */
  long mark() {
    return mark;
  }

  /** Rows that were owed, and that a commit holds now. */
  long persistedRows() {
    return persistedRows;
  }

  /** Where the open set begins, or would. */
  long sealedTo() {
    return sealedTo;
  }

  /** The set that takes rows at this position. */
  ChunkSet openFor(long position, long nowNanos) {
    if (position <= sealedTo) {
      throw new IllegalStateException(
          "cannot add position %d to %s: it is sealed to %d".formatted(position, table, sealedTo));
    }
    if (open != null && open.bytes() >= policy.bytes()) {
      seal(open.to()); // a replay adds more than a set's size in a moment
    }
    ChunkSet set = open;
    if (set == null) {
      set = new ChunkSet(table, sealedTo, nowNanos);
      open = set;
    }
    return set;
  }

  /** Of a record of repeats only. */
  void addVoids(long position, int[] voids) {
    if (open != null) {
      open.addVoids(position, voids);
    }
  }

  /** Whether the open set is to be sealed. */
  boolean isComplete(long nowNanos) {
    return open != null && policy.complete(open.bytes(), nowNanos - open.openedNanos());
  }

  /** In memory, that no set seals yet. */
  long openBytes() {
    return open == null ? 0 : open.heldBytes();
  }

  /** Seals the open set, up to its last row at least. */
  void seal(long applied) {
    if (open != null) {
      open.seal(Math.max(applied, open.to()));
      sealedTo = open.to();
      sealed.add(open);
      open = null;
    }
  }

  /**
   * A set that an earlier process parked, before there are others behind it. The first says where
   * the table stood, also if it is lost meanwhile.
   */
  void addParked(ChunkSet set) {
    mark = sealed.isEmpty() ? Math.max(mark, set.from()) : mark;
    sealed.add(set);
    sealedTo = set.to();
  }

  boolean isEmpty() {
    return open == null && sealed.isEmpty();
  }

  /** The table was begun anew at this mark, and so was the first set, if there is one. */
  void rebase(long newMark) {
    mark = newMark;
    sealedTo = isEmpty() ? newMark : sealedTo;
  }

  boolean hasSealed() {
    return !sealed.isEmpty();
  }

  /** The table has the rows of the oldest, which was persisting. */
  void persisted(ChunkSet set, long nowNanos) {
    if (sealed.peek() != set) {
      throw new IllegalStateException("cannot end persist of " + table + ": not its oldest set");
    }
    sealed.remove();
    set.persisted(nowNanos);
    mark = set.to();
    persistedRows += set.rows();
  }

  /** The oldest that is not parked, or the open one: the log must keep it. */
  Optional<ChunkSet> oldestInLog() {
    return oldestSealedInLog().or(() -> Optional.ofNullable(open));
  }

  /** Whether the log is kept for the open set only. */
  boolean isOldestOpen() {
    return open != null && oldestSealedInLog().isEmpty();
  }

  private Optional<ChunkSet> oldestSealedInLog() {
    return sealed.stream().filter(set -> !set.isParked()).findFirst();
  }

  /** The oldest sealed one, now persisting; nothing if one is persisting already. */
  Optional<ChunkSet> beginPersist() {
    ChunkSet oldest = sealed.peek();
    return oldest == null || oldest.state() != ChunkState.SEALED
        ? Optional.empty()
        : Optional.of(begun(oldest));
  }

  /** The same of the oldest that is not parked. */
  Optional<ChunkSet> beginPark() {
    return oldestSealedInLog().filter(set -> set.state() == ChunkState.SEALED).map(this::begun);
  }

  private ChunkSet begun(ChunkSet first) {
    List<ChunkSet> behind = new ArrayList<>(sealed);
    behind.subList(0, behind.indexOf(first) + 1).clear();
    for (ChunkSet next : behind) {
      if (!first.isUntried() || first.bytes() + next.bytes() > policy.bytes()) {
        break;
      }
      first.absorb(next);
      sealed.remove(next);
    }
    first.beginPersist();
    return first;
  }

  /** Leaves the rows of the newest sealed one to the log; whether there was one. */
  boolean spillNewest() {
    for (Iterator<ChunkSet> newest = sealed.descendingIterator(); newest.hasNext(); ) {
      ChunkSet set = newest.next();
      if (set.canSpill()) {
        set.spill();
        return true;
      }
    }
    return false;
  }

  long spillableBytes() {
    return sealed.stream().filter(ChunkSet::canSpill).mapToLong(ChunkSet::heldBytes).sum();
  }

  /** All become sets of rows that are in the log only. */
  void leaveToLog() {
    replace(set -> true, set -> set.leaveToLog(set.from()));
  }

  /** The table's mark is there now, above the last: the sets begin at it. */
  void moveMark(long to) {
    cut(to);
    mark = to;
    sealedTo = Math.max(sealedTo, to);
  }

  /** A commit holds all rows up to here. */
  void cut(long upTo) {
    long before = sumInLog(ChunkSet::rows);
    replace(set -> set.from() < upTo, set -> set.leaveToLog(upTo));
    while (!sealed.isEmpty() && sealed.peek().to() <= upTo) {
      sealed.remove();
    }
    if (open != null && open.rows() == 0) {
      open = null;
    }
    persistedRows += before - sumInLog(ChunkSet::rows);
  }

  private void replace(Predicate<ChunkSet> which, UnaryOperator<ChunkSet> by) {
    List<ChunkSet> all = new ArrayList<>(sealed);
    all.replaceAll(set -> which.test(set) ? by.apply(set) : set);
    sealed.clear();
    sealed.addAll(all);
    if (open != null && which.test(open)) {
      open = by.apply(open);
    }
  }

  /** Forgets them: if their rows are added again, then behind the mark. */
  void clear() {
    sealed.clear();
    open = null;
    sealedTo = mark;
  }

  /** Over those that are not parked. */
  long sumInLog(ToLongFunction<ChunkSet> of) {
    return sum(set -> set.isParked() ? 0 : of.applyAsLong(set));
  }

  long parkedRows() {
    return sum(set -> set.isParked() ? set.rows() : 0);
  }

  long bytes() {
    return sum(ChunkSet::bytes);
  }

  private long sum(ToLongFunction<ChunkSet> of) {
    return sealed.stream().mapToLong(of).sum() + (open == null ? 0 : of.applyAsLong(open));
  }

  void forEach(Consumer<ChunkSet> action) {
    sealed.forEach(action);
    if (open != null) {
      action.accept(open);
    }
  }
}
