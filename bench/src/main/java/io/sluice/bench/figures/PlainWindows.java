package io.sluice.bench.figures;

import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.RequestDecoder;
import io.sluice.bench.record.RunKeys;
import io.sluice.bench.record.Templates;
import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/** Rows of a table as a Writer has them when it writes Parquet: windows of plain rows. */
final class PlainWindows implements AutoCloseable {

  private final BufferAllocator allocator = new RootAllocator();
  private final List<RowExpander> windows = new ArrayList<>();
  private final List<VectorSchemaRoot> roots = new ArrayList<>();
  private final Table table;
  private final int rows;

  /**
   * Makes them from OTLP bytes.
   *
   * @param rows of each window
   */
  PlainWindows(Table table, int count, int rows, long epochNanos) {
    this.table = table;
    this.rows = rows;
    Signal signal = table.signal();
    Templates templates = Templates.of(Set.of(signal), rows, 42, epochNanos);
    RunKeys keys = new RunKeys(42);
    try (ColumnsPool pool = new ColumnsPool(allocator, 7, 1, Long.MAX_VALUE);
        RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT)) {
      for (int i = 0; roots.size() < count; i++) {
        byte[] request = templates.of(signal, i).fill(keys, 0, i, epochNanos + i);
        for (Decoded.Part part : decoder.decode(signal, request, 0, request.length).parts()) {
          if (part.table() == table && roots.size() < count) {
            expand(part, epochNanos / 1_000);
          }
          pool.give(part.columns());
        }
      }
    }
  }

  /** Adds a part's rows to the window that is not full yet; a full one takes no more. */
  private void expand(Decoded.Part part, long receivedMicros) {
    try (VectorSchemaRoot wire = VectorSchemaRoot.create(WireSchema.of(table), allocator);
        ArrowRecordBatch batch = part.columns().toRecordBatch()) {
      new VectorLoader(wire).load(batch);
      int count = wire.getRowCount();
      WireBatch loaded =
          new WireBatch(
              table, wire, new int[] {count}, new long[] {receivedMicros}, EventTime.DEFAULT);
      if (windows.size() == roots.size()) {
        windows.add(new RowExpander(table, allocator));
      }
      RowExpander window = windows.get(windows.size() - 1);
      int fit = Math.min(count, rows - window.rows());
      if (window.append(loaded, 0, fit, Long.MAX_VALUE) != fit) {
        throw new IllegalStateException("cannot expand " + fit + " rows");
      }
      if (window.rows() == rows) {
        roots.add(window.finish());
      }
    }
  }

  List<VectorSchemaRoot> roots() {
    return roots;
  }

  @Override
  public void close() {
    windows.forEach(RowExpander::close);
    allocator.close();
  }
}
