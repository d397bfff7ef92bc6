package io.sluice.writer.buffer;

import java.util.Map;

/**
 * The rows of a batch that count, by the chunk they belong to.
 *
 * @param byChunk which rows, ascending; never changed
 */
public record BatchRows(HotBatch batch, Map<ChunkKey, int[]> byChunk) {

  public int rows() {
    return byChunk.values().stream().mapToInt(picked -> picked.length).sum();
  }
}
