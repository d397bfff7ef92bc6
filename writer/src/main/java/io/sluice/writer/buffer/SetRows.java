package io.sluice.writer.buffer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a set that is persisting, in memory and put together by chunk. Used by the thread
 * that persists; what was read back from the log for it is freed when it is closed.
 */
public final class SetRows implements AutoCloseable {

  private final Map<ChunkKey, Chunk> chunks = new LinkedHashMap<>();
  private final List<HotBatch> used = new ArrayList<>();
  private final List<HotBatch> readBack = new ArrayList<>();

  private SetRows() {}

  /**
   * @throws IOException what is in the log only cannot be read back
   */
  static SetRows of(ChunkSet set, LoggedRows logged) throws IOException {
    SetRows rows = new SetRows();
    try {
      for (HotPart part : set.parts()) {
        if (part instanceof LoadedPart loaded) {
          rows.add(loaded.content());
        } else if (part instanceof LoggedPart inLog) {
          rows.readBack(set.table(), inLog, logged);
        }
      }
      return rows;
    } catch (Throwable e) { // an Error too: nobody else knows of the batches
      rows.close();
      throw e;
    }
  }

  private void readBack(TableKey table, LoggedPart part, LoggedRows logged) throws IOException {
    try (LoggedRows.Cursor cursor = logged.open(table, part, part.from())) {
      for (@Nullable BatchRows batch = cursor.next(); batch != null; batch = cursor.next()) {
        readBack.add(batch.batch());
        add(batch);
      }
    }
  }

  private void add(BatchRows rows) throws IOException {
    rows.batch().use();
    used.add(rows.batch());
    rows.byChunk()
        .forEach(
            (key, picked) ->
                chunks.computeIfAbsent(key, Chunk::new).add(new HotRows(rows.batch(), picked)));
  }

  public Collection<Chunk> chunks() {
    return chunks.values();
  }

  @Override
  public void close() {
    used.forEach(HotBatch::done);
    used.clear();
    readBack.forEach(HotBatch::release);
    readBack.clear();
    chunks.clear();
  }
}
