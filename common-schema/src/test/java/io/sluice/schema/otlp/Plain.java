package io.sluice.schema.otlp;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.slow.SlowWire;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** A request's rows, plain, some of them changed by hand, and what becomes of them. */
final class Plain {

  static byte[] request(SlowWire slow, RowsToOtlp otlp, Consumer<VectorSchemaRoot> change) {
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot wire = slow.load(allocator);
        RowExpander expander = new RowExpander(slow.table(), allocator)) {
      int rows = slow.rows();
      WireBatch batch =
          new WireBatch(slow.table(), wire, new int[] {rows}, new long[] {1}, EventTime.DEFAULT);
      expander.append(batch, 0, rows, 1 << 30);
      VectorSchemaRoot plain = expander.finish();
      change.accept(plain);
      return otlp.request(plain);
    }
  }

  static Consumer<VectorSchemaRoot> set(String column, int row, byte[] value) {
    return root -> {
      FieldVector vector = root.getVector(column);
      ((BaseVariableWidthVector) vector).setSafe(row, value);
    };
  }

  static Consumer<VectorSchemaRoot> set(String column, int row, String value) {
    return set(column, row, value.getBytes(StandardCharsets.UTF_8));
  }

  private Plain() {}
}
