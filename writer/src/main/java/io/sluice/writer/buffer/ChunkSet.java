package io.sluice.writer.buffer;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The chunks of one table that go into one commit: all its rows with a position in (from, to].
 * Guarded by its table's buffer until it is sealed; its content is unchanging from then on.
 */
public final class ChunkSet {

  private final TableKey table;
  private final long from;
  private final long openedNanos;
  private final Map<ChunkKey, Chunk> chunks = new LinkedHashMap<>();
  private final List<HotBatch> batches = new ArrayList<>();
  private ChunkState state = ChunkState.OPEN;
  private long to;
  private long lastRow;
  private boolean tried;
  private long rows;
  private long bytes;
  private long persistedNanos;

  ChunkSet(TableKey table, long from, long openedNanos) {
    this.table = table;
    this.from = from;
    this.to = from;
    this.lastRow = from;
    this.openedNanos = openedNanos;
  }

  /** Takes over the batch; the rows by chunk are those of it that count. */
  void add(HotBatch batch, Map<ChunkKey, int[]> rowsByChunk) {
    batches.add(batch);
    bytes += batch.bytes();
    to = batch.position();
    lastRow = to;
    rowsByChunk.forEach(
        (key, picked) -> {
          chunks.computeIfAbsent(key, Chunk::new).add(new HotRows(batch, picked));
          rows += picked.length;
        });
  }

  void seal(long upTo) {
    move(ChunkState.SEALED);
    to = upTo;
  }

  /**
   * Takes over the next set: one commit instead of two. Neither was ever tried, since what a commit
   * with unknown outcome covers must stay as it is.
   */
  void absorb(ChunkSet next) {
    if (!isUntried() || !next.isUntried() || next.from != to) {
      throw new IllegalStateException(
          "chunks of %s (%d, %d] cannot take over (%d, %d]"
              .formatted(table, from, to, next.from, next.to));
    }
    next.chunks.forEach((key, more) -> chunks.computeIfAbsent(key, Chunk::new).addAll(more));
    batches.addAll(next.batches);
    to = next.to;
    lastRow = next.lastRow;
    rows += next.rows;
    bytes += next.bytes;
  }

  /** Sealed, and no commit of it was begun. */
  boolean isUntried() {
    return state == ChunkState.SEALED && !tried;
  }

  void beginPersist() {
    tried = true;
    move(ChunkState.PERSISTING);
  }

  void persistFailed() {
    move(ChunkState.SEALED);
  }

  void persisted(long nowNanos) {
    move(ChunkState.PERSISTED);
    persistedNanos = nowNanos;
  }

  void release() {
    move(ChunkState.RELEASED);
    free();
  }

  /** Lets go of the batches, whatever the state: for a release, and when the process ends. */
  void free() {
    batches.forEach(HotBatch::letGo);
    batches.clear();
    chunks.clear();
  }

  /** Everything with a position above {@code after}, held for the reader by {@code hold}. */
  void collect(long after, Consumer<HotRows> hold) {
    for (Chunk chunk : chunks.values()) {
      for (HotRows part : chunk.rows()) {
        if (part.batch().position() > after) {
          hold.accept(part);
        }
      }
    }
  }

  public TableKey table() {
    return table;
  }

  /** Exclusive. */
  public long from() {
    return from;
  }

  /** Inclusive; of an open set, the last position in it. */
  public long to() {
    return to;
  }

  /** The position of its last row: from there to {@link #to} the log has nothing of this table. */
  long lastRow() {
    return lastRow;
  }

  public Collection<Chunk> chunks() {
    return chunks.values();
  }

  public long rows() {
    return rows;
  }

  public long bytes() {
    return bytes;
  }

  long openedNanos() {
    return openedNanos;
  }

  long persistedNanos() {
    return persistedNanos;
  }

  ChunkState state() {
    return state;
  }

  private void move(ChunkState next) {
    if (!state.canBecome(next)) {
      throw new IllegalStateException(
          "chunks of %s (%d, %d]: %s -> %s is no step".formatted(table, from, to, state, next));
    }
    state = next;
  }
}
