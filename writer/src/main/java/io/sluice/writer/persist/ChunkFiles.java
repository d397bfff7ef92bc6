package io.sluice.writer.persist;

import io.sluice.lake.FileTarget;
import io.sluice.lake.LogRange;
import io.sluice.lake.TableFileName;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.parquet.ParquetTableWriter;
import java.io.IOException;
import java.time.LocalDate;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.iceberg.DataFile;

/** Writes a chunk as one Parquet file: sorted, expanded a window at a time. Stateless. */
public final class ChunkFiles {

  private static final long ROW_GROUP_BYTES = 128L << 20;
  private static final long WINDOW_BYTES = 16L << 20;

  private final BufferAllocator allocator;
  private final Supplier<UUID> random;

  /**
   * @param random makes each attempt's file name its own
   */
  public ChunkFiles(BufferAllocator allocator, Supplier<UUID> random) {
    this.allocator = allocator;
    this.random = random;
  }

  /** The file is complete and forced when it returns; nothing is left of it when it throws. */
  DataFile write(FileTarget target, LogRange range, Chunk chunk) throws IOException {
    LocalDate day = LocalDate.ofEpochDay(chunk.key().day());
    String name = TableFileName.of(range, day, chunk.key().shard(), random.get());
    RowOrder order = RowOrder.of(chunk, target.table().signal());
    try (RowExpander expander = new RowExpander(target.table(), target.promotions(), allocator);
        ParquetTableWriter file =
            ParquetTableWriter.open(target, day, name, order.rows(), ROW_GROUP_BYTES)) {
      int[] rows = new int[ParquetTableWriter.WINDOW_ROWS];
      int at = 0;
      while (at < order.rows()) {
        at += fill(expander, order, at, rows);
        file.write(expander.finish());
        expander.reset();
      }
      return file.finish();
    }
  }

  /** Appends a window's rows, neighbours of one batch together; how many it took. */
  private static int fill(RowExpander expander, RowOrder order, int from, int[] rows) {
    int end = Math.min(order.rows(), from + rows.length);
    int at = from;
    while (at < end) {
      int n = 0;
      WireBatch batch = order.batch(at);
      while (at + n < end && order.batch(at + n) == batch) {
        rows[n] = order.row(at + n);
        n++;
      }
      int taken = expander.append(batch, rows, 0, n, WINDOW_BYTES);
      at += taken;
      if (taken < n) {
        break;
      }
    }
    return at - from;
  }
}
