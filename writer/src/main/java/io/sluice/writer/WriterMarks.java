package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableLostException;
import io.sluice.schema.table.Table;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;

/**
 * How far the tables hold this log, as read once at start; a table that was not there then begins
 * at 0, and is made at its tenant's first batch. Asked by the apply thread.
 */
final class WriterMarks implements ToLongFunction<TableKey> {

  private final Map<TableKey, Long> marks;

  private WriterMarks(Map<TableKey, Long> marks) {
    this.marks = marks;
  }

  static WriterMarks read(Lake lake, UUID logId)
      throws LakeUnavailableException, TableLostException {
    Map<TableKey, Long> marks = new HashMap<>();
    for (String tenant : lake.tenants()) {
      for (Table table : Table.all()) {
        Long mark = lake.table(tenant, table).marks().get(logId);
        if (mark != null) {
          marks.put(new TableKey(tenant, table), mark);
        }
      }
    }
    return new WriterMarks(marks);
  }

  /**
   * A table that holds more than the log means that the log has lost its end: positions would be
   * given twice, and what is appended under them taken for persisted.
   *
   * @throws IOException some mark is above the last position that the log has
   */
  void require(long recoveredPosition) throws IOException {
    for (Map.Entry<TableKey, Long> mark : marks.entrySet()) {
      if (mark.getValue() > recoveredPosition) {
        throw new IOException(
            "cannot start: %s holds this log up to position %d, the log ends at %d"
                    .formatted(mark.getKey(), mark.getValue(), recoveredPosition)
                + " (put the log's newest segments back, or begin a new log directory)");
      }
    }
  }

  @Override
  public long applyAsLong(TableKey key) {
    return marks.getOrDefault(key, 0L);
  }
}
