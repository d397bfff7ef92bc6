package io.sluice.writer;

import io.sluice.writer.apply.ParkedSets;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ParkedRange;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What earlier processes parked is owed again: before the log is applied, which skips it. */
record ParkedAtStart(ParkedSets files, ChunkBuffer buffer) {

  private static final Logger LOG = LoggerFactory.getLogger(ParkedAtStart.class);

  /**
   * @throws LogEndLostException what is parked has positions that the log has not given yet
   */
  static void require(List<ParkedSets.Found> found, long recoveredPosition)
      throws LogEndLostException {
    for (ParkedSets.Found set : found) {
      if (set.range().to() > recoveredPosition) {
        throw new LogEndLostException(
            "cannot start: rows of %s are parked up to position %d, the log ends at %d (put the log's newest segments back)"
                .formatted(set.table(), set.range().to(), recoveredPosition));
      }
    }
  }

  /** What is in its table already is deleted: the process died before it came to that. */
  void restore(List<ParkedSets.Found> found, ToLongFunction<TableKey> marks) throws IOException {
    Map<TableKey, List<ParkedRange>> owed = new LinkedHashMap<>();
    for (ParkedSets.Found set : found) {
      ParkedRange range = set.range();
      if (range.to() <= marks.applyAsLong(set.table())) {
        files.committed(set.table(), range.from(), range.to());
      } else {
        owed.computeIfAbsent(set.table(), k -> new ArrayList<>()).add(range);
      }
    }
    owed.forEach(
        (table, ranges) -> {
          long rows = ranges.stream().mapToLong(ParkedRange::rows).sum();
          buffer.restore(table, ranges);
          LOG.info("{} rows of {} are parked", rows, table);
        });
  }
}
