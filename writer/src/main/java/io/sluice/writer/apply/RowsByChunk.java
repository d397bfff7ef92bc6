package io.sluice.writer.apply;

import io.sluice.schema.rows.WireBatch;
import io.sluice.writer.buffer.ChunkKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which chunk each row belongs to: a function of the row alone.
 *
 * @param shards how many chunks a day has, by service_name
 */
public record RowsByChunk(int shards) {

  /** Most batches are of one day; then the rows stay as they are. */
  Map<ChunkKey, int[]> split(WireBatch batch, int[] rows) {
    if (rows.length == 0) {
      return Map.of();
    }
    ChunkKey first = key(batch, rows[0]);
    int same = 1;
    while (same < rows.length && key(batch, rows[same]).equals(first)) {
      same++;
    }
    if (same == rows.length) {
      return Map.of(first, rows);
    }
    Map<ChunkKey, int[]> split = new LinkedHashMap<>();
    Map<ChunkKey, Integer> counts = new LinkedHashMap<>();
    for (int row : rows) {
      ChunkKey key = key(batch, row);
      int count = counts.merge(key, 1, Integer::sum);
      int[] picked = split.computeIfAbsent(key, k -> new int[16]);
      if (count > picked.length) {
        picked = Arrays.copyOf(picked, picked.length * 2);
        split.put(key, picked);
      }
      picked[count - 1] = row;
    }
    split.replaceAll((key, picked) -> Arrays.copyOf(picked, counts.getOrDefault(key, 0)));
    return split;
  }

  private ChunkKey key(WireBatch batch, int row) {
    return new ChunkKey(batch.day(row), shards == 1 ? 0 : batch.shard(row, shards));
  }
}
