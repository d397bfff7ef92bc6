package io.sluice.writer.buffer;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * How many sets of chunks a table has in memory or owes, by where they stand.
 *
 * @param open takes rows: 0 or 1
 * @param sealed wait for their turn
 * @param persisting being written or committed
 * @param kept persisted, and kept for readers
 * @param oldestNanos when the oldest of those was begun that no commit holds; only if there is one
 */
public record HotSets(int open, int sealed, int persisting, int kept, long oldestNanos) {

  /** Whether no commit holds some of them. */
  public boolean isOwed() {
    return open + sealed + persisting > 0;
  }

  /**
   * @param each runs what it is given for each set, under the monitor of their buffer
   */
  static HotSets of(Consumer<Consumer<ChunkSet>> each) {
    Map<ChunkState, Integer> counts = new EnumMap<>(ChunkState.class);
    long[] oldest = {Long.MAX_VALUE};
    each.accept(
        set -> {
          counts.merge(set.state(), 1, Integer::sum);
          if (set.state() != ChunkState.PERSISTED) {
            boolean first = oldest[0] == Long.MAX_VALUE;
            oldest[0] = first ? set.openedNanos() : Math.min(oldest[0], set.openedNanos());
          }
        });
    return new HotSets(
        counts.getOrDefault(ChunkState.OPEN, 0),
        counts.getOrDefault(ChunkState.SEALED, 0),
        counts.getOrDefault(ChunkState.PERSISTING, 0),
        counts.getOrDefault(ChunkState.PERSISTED, 0),
        oldest[0]);
  }
}
