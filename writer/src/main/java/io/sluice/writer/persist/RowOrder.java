package io.sluice.writer.persist;

import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Signal;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.HotRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The rows of a chunk in the table's sort order: service_name (none first), for metrics
 * metric_name, then time. Names are ranked once; then rows are sorted as numbers.
 */
final class RowOrder {

  private static final long DAY_MICROS = 86_400_000_000L;
  private static final int NUMBER_BITS = 26;

  private final List<WireBatch> batches = new ArrayList<>();
  private final int[] batchOf;
  private final int[] rowOf;
  private final int[] nameOf;
  private final int[] order;

  private RowOrder(int rows) {
    if (rows >= 1 << NUMBER_BITS) {
      throw new IllegalArgumentException("cannot sort " + rows + " rows in one chunk");
    }
    batchOf = new int[rows];
    rowOf = new int[rows];
    nameOf = new int[rows];
    order = new int[rows];
  }

  static RowOrder of(Chunk chunk, Signal signal) {
    RowOrder order = new RowOrder(Math.toIntExact(chunk.rowCount()));
    int[] rankOfName = ranks(order.collect(chunk, signal == Signal.METRICS));
    order.sort(rankOfName, chunk.key().day() * DAY_MICROS);
    return order;
  }

  int rows() {
    return order.length;
  }

  WireBatch batch(int at) {
    return batches.get(batchOf[order[at]]);
  }

  int row(int at) {
    return rowOf[order[at]];
  }

  /** Numbers the chunk's rows, and their names in the order they are met. */
  private Map<SortName, Integer> collect(Chunk chunk, boolean metrics) {
    Map<SortName, Integer> names = new HashMap<>();
    int n = 0;
    for (HotRows part : chunk.rows()) {
      WireBatch wire = part.batch().wire();
      batches.add(wire);
      int name = -1;
      int lastResource = -1;
      int lastMetric = -1;
      for (int row : part.rows()) {
        int resource = wire.resourceRun(row);
        int metric = metrics ? wire.metricRun(row) : -1;
        if (name < 0 || resource != lastResource || metric != lastMetric) {
          SortName met = new SortName(wire.serviceName(row), metrics ? wire.metricName(row) : null);
          name = names.computeIfAbsent(met, m -> names.size());
          lastResource = resource;
          lastMetric = metric;
        }
        batchOf[n] = batches.size() - 1;
        rowOf[n] = row;
        nameOf[n++] = name;
      }
    }
    return names;
  }

  private static int[] ranks(Map<SortName, Integer> names) {
    List<SortName> sorted = names.keySet().stream().sorted().toList();
    int[] ranks = new int[sorted.size()];
    for (int rank = 0; rank < ranks.length; rank++) {
      ranks[names.getOrDefault(sorted.get(rank), 0)] = rank;
    }
    return ranks;
  }

  /** By rank (counting), then within a name by time: time of day and number share one long. */
  private void sort(int[] rankOfName, long dayStart) {
    int[] starts = new int[rankOfName.length + 1];
    for (int name : nameOf) {
      starts[rankOfName[name] + 1]++;
    }
    for (int rank = 0; rank < rankOfName.length; rank++) {
      starts[rank + 1] += starts[rank];
    }
    long[] keys = new long[order.length];
    int[] next = Arrays.copyOf(starts, rankOfName.length);
    for (int n = 0; n < keys.length; n++) {
      long time = batches.get(batchOf[n]).timeMicros(rowOf[n]) - dayStart;
      keys[next[rankOfName[nameOf[n]]]++] = time << NUMBER_BITS | n;
    }
    for (int rank = 0; rank < rankOfName.length; rank++) {
      Arrays.sort(keys, starts[rank], starts[rank + 1]);
    }
    for (int at = 0; at < keys.length; at++) {
      order[at] = (int) (keys[at] & ((1L << NUMBER_BITS) - 1));
    }
  }
}
