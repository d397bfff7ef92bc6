package io.sluice.writer.sim;

import io.sluice.lake.CommitCheck;
import io.sluice.lake.MarkHistory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A table as a catalog has it: what it holds changes by putting one state in place of another, if
 * that is what the catalog has still.
 */
final class SimTable {

  /** So many snapshots are known: older ones have expired. */
  private static final int KEPT = 8;

  /**
   * Rows that were added to those of the parent.
   *
   * @param token of the Writer's commit that made it; null if somebody else did
   * @param marks as they were after that; null like the token
   */
  record Snapshot(
      long id,
      @Nullable Snapshot parent,
      @Nullable String token,
      @Nullable Map<UUID, Long> marks,
      List<Integer> added) {}

  /**
   * One load of its metadata.
   *
   * @param version which metadata it is
   * @param known snapshots that have not expired, oldest first
   */
  record State(long version, @Nullable Snapshot head, Map<UUID, Long> marks, List<Snapshot> known) {

    private List<Snapshot> ancestors() {
      List<Snapshot> ancestors = new ArrayList<>();
      for (Snapshot at = head; at != null && known.contains(at); at = at.parent) {
        ancestors.add(at);
      }
      return ancestors;
    }

    /** The snapshot of the commit with this token, of those that have not expired. */
    OptionalLong own(String token) {
      return ancestors().stream()
          .filter(snapshot -> token.equals(snapshot.token))
          .mapToLong(Snapshot::id)
          .findFirst();
    }

    /** Whether it has not the rows of its marks, as its history shows. */
    boolean isLost() {
      List<Snapshot> ancestors = ancestors();
      Map<UUID, Long> newest = null;
      boolean isWhole = true;
      long oldest = 0;
      for (Snapshot snapshot : ancestors) {
        newest = newest == null ? snapshot.marks : newest;
        isWhole = snapshot.parent == null;
        oldest = snapshot.id;
      }
      Map<Long, Map<UUID, Long>> aside = new TreeMap<>();
      for (Snapshot snapshot : known) {
        if (snapshot.marks != null && snapshot.id > oldest && !ancestors.contains(snapshot)) {
          aside.put(snapshot.id, snapshot.marks);
        }
      }
      return new MarkHistory(marks, newest, isWhole, aside).lost().isPresent();
    }

    /** All its rows. */
    List<Integer> rows() {
      List<Integer> rows = new ArrayList<>();
      for (Snapshot at = head; at != null; at = at.parent) {
        rows.addAll(at.added);
      }
      return rows;
    }

    long mark(UUID log) {
      return marks.getOrDefault(log, 0L);
    }
  }

  private final boolean comparesHeads;
  private State now = new State(0, null, Map.of(), List.of());
  private long snapshots;
  private @Nullable Snapshot rolledBackFrom;

  /**
   * @param comparesHeads as a REST catalog, which is told changes and what the head was; else the
   *     whole metadata must be what it was
   */
  SimTable(boolean comparesHeads) {
    this.comparesHeads = comparesHeads;
  }

  State load() {
    return now;
  }

  /** What the catalog does with a commit; whether it took it. */
  boolean commit(State base, CommitCheck check, List<Integer> rows) {
    boolean same = comparesHeads ? base.head == now.head : base.version == now.version;
    if (!same) {
      return false;
    }
    if (now.isLost()) {
      throw new Violation("%s is committed to a table that was rolled back", check.range());
    }
    UUID log = check.range().logId();
    Map<UUID, Long> after = check.after(base.marks);
    Map<UUID, Long> marks = new TreeMap<>(now.marks);
    marks.put(log, after.get(log));
    add(check.token(), after, rows, marks);
    rolledBackFrom = null;
    return true;
  }

  /** Somebody else puts files in the place of others: the same rows. */
  void compact() {
    add(null, null, List.of(), now.marks);
  }

  /** Somebody else changes what is no row. */
  void change() {
    put(now.head, now.marks, now.known);
  }

  /** Somebody else puts an older snapshot back, if there is one; whether there was. */
  boolean rollBack() {
    if (comparesHeads || rolledBackFrom != null || now.head == null || now.head.parent == null) {
      return false;
    }
    rolledBackFrom = now.head;
    put(now.head.parent, now.marks, now.known);
    return true;
  }

  /** And takes that back, unless somebody goes on from there by now. */
  void rollForward() {
    if (rolledBackFrom != null) {
      put(rolledBackFrom, now.marks, now.known);
      rolledBackFrom = null;
    }
  }

  private void add(
      @Nullable String token,
      @Nullable Map<UUID, Long> committed,
      List<Integer> rows,
      Map<UUID, Long> marks) {
    Snapshot next = new Snapshot(++snapshots, now.head, token, committed, List.copyOf(rows));
    List<Snapshot> known = new ArrayList<>(now.known);
    known.add(next);
    if (known.size() > KEPT && rolledBackFrom == null) { // else nobody could see that it was
      known.remove(0);
    }
    put(next, marks, List.copyOf(known));
  }

  private void put(@Nullable Snapshot head, Map<UUID, Long> marks, List<Snapshot> known) {
    now = new State(now.version + 1, head, Map.copyOf(marks), known);
  }
}
