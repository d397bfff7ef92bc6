package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableLostException;
import io.sluice.schema.table.Table;
import io.sluice.writer.buffer.TableKey;
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

  @Override
  public long applyAsLong(TableKey key) {
    return marks.getOrDefault(key, 0L);
  }
}
