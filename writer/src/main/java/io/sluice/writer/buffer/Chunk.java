package io.sluice.writer.buffer;

import java.util.ArrayList;
import java.util.List;

/** Rows of one table, day and shard, in position order. Guarded by its table's buffer. */
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

  void addAll(Chunk later) {
    rows.addAll(later.rows);
    rowCount += later.rowCount;
  }

  public ChunkKey key() {
    return key;
  }

  /** Complete and unchanging once the chunk's set is sealed. */
  public List<HotRows> rows() {
    return rows;
  }

  public long rowCount() {
    return rowCount;
  }
}
