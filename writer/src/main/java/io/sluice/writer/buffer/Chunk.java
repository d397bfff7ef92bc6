package io.sluice.writer.buffer;

import java.util.ArrayList;
import java.util.List;

/** Rows of one table, day and shard, in position order. Complete once its {@link SetRows} is. */
public final class Chunk {

  private final ChunkKey key;
  private final List<HotRows> rows = new ArrayList<>();
  private long rowCount;

  Chunk(ChunkKey key) {
    this.key = key;
  }

  void add(HotRows more) {
    rows.add(more);
    rowCount += more.rows().length;
  }

  public ChunkKey key() {
    return key;
  }

  public List<HotRows> rows() {
    return rows;
  }

  public long rowCount() {
    return rowCount;
  }
}
