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

  /** What is in its table already is deleted, or passed over in the file that has some of it. */
  void restore(ToLongFunction<TableKey> marks) throws IOException {
    Map<TableKey, List<ParkedRange>> owed = new LinkedHashMap<>();
    for (ParkedSets.Found set : files.find()) { // anew: an earlier try may have come half way
      long mark = marks.applyAsLong(set.table());
      ParkedRange range = set.range();
      if (range.to() <= mark) {
        files.committed(set.table(), range.from(), range.to());
      } else {
        if (range.from() < mark && range.rows() > 0) { // else there is no file, or it is damaged
          range = files.beginAt(set, mark).range();
        }
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
