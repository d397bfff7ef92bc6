package io.sluice.lake;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a table's metadata shows of its marks. They are in its properties and again in the summary
 * of every snapshot of ours: a rollback moves only the snapshots back, a stripped property only the
 * properties, so the two disagree.
 *
 * @param marks by its properties
 * @param newest marks of the newest snapshot of ours, from the head back as far as none has
 *     expired; null if there is none
 * @param isWhole whether none of the head's ancestors has expired
 * @param aside marks of snapshots of ours that are no ancestors of the head, though later than the
 *     oldest that is known, by their ids
 */
public record MarkHistory(
    Map<UUID, Long> marks,
    @Nullable Map<UUID, Long> newest,
    boolean isWhole,
    Map<Long, Map<UUID, Long>> aside) {

  /** Why the table is not the one any more that the logs were persisted to; empty if it is. */
  public Optional<String> lost() {
    if (newest != null) {
      return newest.equals(marks)
          ? Optional.empty()
          : Optional.of(
              "its marks are %s but those of its newest snapshot are %s (rolled back, or stripped of its properties)"
                  .formatted(Marks.text(marks), Marks.text(newest)));
    }
    if (!marks.isEmpty() && isWhole) {
      return Optional.of("no snapshot has the rows of its marks " + Marks.text(marks));
    }
    // What it was rolled back to may be of others, as may be what came after that, and ours before
    // may have expired; but the one that has the rows of its marks is there.
    return aside.entrySet().stream()
        .filter(snapshot -> snapshot.getValue().equals(marks))
        .map(
            snapshot ->
                "its marks are those of snapshot %d, which is not before its head (rolled back)"
                    .formatted(snapshot.getKey()))
        .findFirst();
  }
}
