package io.sluice.writer.parquet;

import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;

/**
 * Fills windows of plain rows from Java values: String, byte[], Long, Integer, Double, Boolean,
 * List, Map.
 */
final class PlainRows {

  /** A row is a map by column name; what is absent or null is null. Structs are maps, too. */
  static VectorSchemaRoot window(
      Table table, BufferAllocator allocator, List<Map<String, Object>> rows) {
    VectorSchemaRoot root = VectorSchemaRoot.create(TableSchema.of(table).arrow(), allocator);
    root.allocateNew();
    for (FieldVector vector : root.getFieldVectors()) {
      for (int i = 0; i < rows.size(); i++) {
        set(vector, i, rows.get(i).get(vector.getName()));
      }
    }
    root.setRowCount(rows.size());
    return root;
  }

  static void set(FieldVector vector, int index, Object value) {
    if (value == null) {
      vector.setNull(index);
    } else if (vector instanceof VarCharVector v) {
      v.setSafe(index, ((String) value).getBytes(StandardCharsets.UTF_8));
    } else if (vector instanceof VarBinaryVector v) {
      v.setSafe(index, (byte[]) value);
    } else if (vector instanceof BigIntVector v) {
      v.setSafe(index, (Long) value);
    } else if (vector instanceof TimeStampMicroTZVector v) {
      v.setSafe(index, (Long) value);
    } else if (vector instanceof IntVector v) {
      v.setSafe(index, (Integer) value);
    } else if (vector instanceof Float8Vector v) {
      v.setSafe(index, (Double) value);
    } else if (vector instanceof BitVector v) {
      v.setSafe(index, (Boolean) value ? 1 : 0);
    } else if (vector instanceof ListVector v) {
      setList(v, index, value);
    } else {
      setStruct((StructVector) vector, index, (Map<?, ?>) value);
    }
  }

  /** A map is a list of entries. */
  private static void setList(ListVector vector, int index, Object value) {
    List<?> elements =
        value instanceof Map<?, ?> map
            ? map.entrySet().stream().map(PlainRows::entry).toList()
            : (List<?>) value;
    int start = vector.startNewValue(index);
    for (int i = 0; i < elements.size(); i++) {
      set(vector.getDataVector(), start + i, elements.get(i));
    }
    vector.endValue(index, elements.size());
  }

  private static Map<String, Object> entry(Map.Entry<?, ?> entry) {
    Map<String, Object> struct = new java.util.HashMap<>();
    struct.put("key", entry.getKey());
    struct.put("value", entry.getValue());
    return struct;
  }

  private static void setStruct(StructVector vector, int index, Map<?, ?> value) {
    vector.setIndexDefined(index);
    for (FieldVector child : vector.getChildrenFromFields()) {
      set(child, index, value.get(child.getName()));
    }
  }

  private PlainRows() {}
}
