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

/** Spans as a Writer has them when it writes Parquet: windows of plain rows. */
final class PlainWindows implements AutoCloseable {

  private final BufferAllocator allocator = new RootAllocator();
  private final List<RowExpander> windows = new ArrayList<>();
  private final List<VectorSchemaRoot> roots = new ArrayList<>();

  /**
   * Makes them from OTLP bytes.
   *
   * @param rows of each window
   */
  PlainWindows(int count, int rows, long epochNanos) {
    Templates templates = Templates.of(Set.of(Signal.TRACES), rows, 42, epochNanos);
    try (ColumnsPool pool = new ColumnsPool(allocator, 7, 1, Long.MAX_VALUE);
        RequestDecoder decoder = new RequestDecoder(pool, DecodeLimits.DEFAULT)) {
      for (int i = 0; i < count; i++) {
        byte[] request = templates.of(Signal.TRACES, i).fill(new RunKeys(42), 0, i, epochNanos + i);
        Decoded.Part part =
            decoder.decode(Signal.TRACES, request, 0, request.length).parts().get(0);
        expand(part, rows, epochNanos / 1_000);
        pool.give(part.columns());
      }
    }
  }

  private void expand(Decoded.Part part, int rows, long receivedMicros) {
    try (VectorSchemaRoot wire = VectorSchemaRoot.create(WireSchema.of(Table.TRACES), allocator);
        ArrowRecordBatch batch = part.columns().toRecordBatch()) {
      new VectorLoader(wire).load(batch);
      WireBatch loaded =
          new WireBatch(
              Table.TRACES, wire, new int[] {rows}, new long[] {receivedMicros}, EventTime.DEFAULT);
      RowExpander window = new RowExpander(Table.TRACES, allocator);
      windows.add(window);
      if (window.append(loaded, 0, rows, Long.MAX_VALUE) != rows) {
        throw new IllegalStateException("cannot expand " + rows + " rows");
      }
      roots.add(window.finish());
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
