package io.sluice.schema.rows;

import org.apache.arrow.memory.BufferAllocator;

/** The text of one attribute, from where it is in the attributes of the row or of its run. */
final class PromotedColumn implements RowColumn {

  /** An offset, and its validity. */
  private static final int NULL_BYTES = 5;

  private final BytesColumn column;
  private final Level level;
  private final int attributes;
  private final AttributeKey key;
  private int[] entries = new int[0];

  /** Which entry of its map the last one was. */
  private int place;

  /**
   * @param attributes which child of the level's struct they are
   */
  PromotedColumn(BufferAllocator allocator, Level level, int attributes, AttributeKey key) {
    this.column = new BytesColumn(allocator, 0);
    this.level = level;
    this.attributes = attributes;
    this.key = key;
  }

  @Override
  public Growing out() {
    return column.out();
  }

  @Override
  public void append(WireBatch batch, Selection rows, int from, int to) {
    if (entries.length < to - from) {
      entries = new int[to - from];
    }
    Source maps = batch.struct(level).children[attributes];
    int[] index = rows.at(level);
    int last = -1; // no map has this index
    int entry = -1;
    for (int i = from; i < to; i++) {
      if (index[i] != last) {
        last = index[i];
        entry = entry(maps, last);
      }
      entries[i - from] = entry;
    }
    column.appendOf(AttributeKey.values(maps), entries, 0, to - from);
  }

  @Override
  public long bytes(WireBatch batch, int from, int to) {
    Source maps = batch.struct(level).children[attributes];
    if (level != Level.ROW) {
      return FieldColumn.ofRuns(batch.runs(level), from, to, run -> bytes(maps, run));
    }
    long bytes = 0;
    for (int row = from; row < to; row++) {
      bytes += bytes(maps, row);
    }
    return bytes;
  }

  private int entry(Source maps, int index) {
    int entry = key.entry(maps, index, place);
    if (entry >= 0) {
      place = entry - maps.start(index);
    }
    return entry;
  }

  private long bytes(Source maps, int index) {
    int entry = entry(maps, index);
    return entry < 0
        ? NULL_BYTES
        : BytesColumn.bytesOf(AttributeKey.values(maps), entry, entry + 1);
  }
}
