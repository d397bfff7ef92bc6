package io.sluice.query.flightsql;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.flight.FlightProducer.ServerStreamListener;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Answers that are made here: a few rows in one batch. */
final class MetadataRows {

  /**
   * Sends them.
   *
   * @param rows values by the schema's names; what is not there is null
   */
  static void send(
      Schema schema,
      List<? extends Map<String, ?>> rows,
      BufferAllocator allocator,
      ServerStreamListener listener) {
    try (VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      root.allocateNew();
      for (FieldVector column : root.getFieldVectors()) {
        for (int i = 0; i < rows.size(); i++) {
          set(column, i, rows.get(i).get(column.getName()));
        }
      }
      root.setRowCount(rows.size());
      listener.start(root);
      listener.putNext();
      listener.completed();
    }
  }

  private static void set(FieldVector column, int row, @Nullable Object value) {
    if (value == null) {
      return;
    }
    if (column instanceof VarCharVector text) {
      text.setSafe(row, value.toString().getBytes(StandardCharsets.UTF_8));
    } else if (column instanceof VarBinaryVector bytes) {
      bytes.setSafe(row, (byte[]) value);
    } else if (column instanceof IntVector number) {
      number.setSafe(row, (Integer) value);
    } else if (column instanceof BitVector bit) {
      bit.setSafe(row, (Boolean) value ? 1 : 0);
    } else {
      throw new IllegalArgumentException("cannot fill " + column.getField());
    }
  }

  private MetadataRows() {}
}
