package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.wire.WireSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/** What columns hold, read back through Arrow's own vectors. */
final class ActualRows {

  static List<Map<String, Object>> of(WireColumns columns, BufferAllocator allocator) {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (VectorSchemaRoot root =
            VectorSchemaRoot.create(WireSchema.of(columns.table()), allocator);
        ArrowRecordBatch batch = columns.toRecordBatch()) {
      new VectorLoader(root).load(batch);
      for (int i = 0; i < root.getRowCount(); i++) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (FieldVector vector : root.getFieldVectors()) {
          row.put(vector.getName(), value(vector, i));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> struct(Map<String, Object> row, String name) {
    return (Map<String, Object>) row.get(name);
  }

  /** The row without its raw columns, a dictionary among them. */
  static Map<String, Object> withoutRaw(Map<String, Object> row) {
    Map<String, Object> rest = new LinkedHashMap<>(row);
    rest.remove("raw");
    rest.remove("dictionary");
    for (String run : List.of("resource", "scope", "metric")) {
      if (rest.containsKey(run)) {
        Map<String, Object> fields = new LinkedHashMap<>(struct(row, run));
        fields.remove("raw");
        rest.put(run, fields);
      }
    }
    return rest;
  }

  private static Object value(ValueVector vector, int index) {
    if (vector instanceof RunEndEncodedVector runs) {
      return value(runs.getValuesVector(), run(runs, index));
    }
    if (vector.isNull(index)) {
      return null;
    }
    if (vector instanceof VarCharVector text) {
      return new String(text.get(index), StandardCharsets.UTF_8);
    }
    if (vector instanceof VarBinaryVector bytes) {
      return new Bytes(bytes.get(index));
    }
    if (vector instanceof StructVector struct) {
      Map<String, Object> fields = new LinkedHashMap<>();
      struct
          .getChildrenFromFields()
          .forEach(child -> fields.put(child.getName(), value(child, index)));
      return fields;
    }
    if (vector instanceof ListVector list) {
      return list(list, index);
    }
    return vector.getObject(index);
  }

  private static Object list(ListVector list, int index) {
    List<Object> elements = new ArrayList<>();
    for (int i = list.getElementStartIndex(index); i < list.getElementEndIndex(index); i++) {
      elements.add(value(list.getDataVector(), i));
    }
    if (!(list instanceof MapVector)) {
      return elements;
    }
    Map<Object, Object> map = new LinkedHashMap<>();
    for (Object entry : elements) {
      Map<?, ?> fields = (Map<?, ?>) entry;
      if (map.containsKey(fields.get("key"))) {
        throw new AssertionError("key twice: " + fields.get("key"));
      }
      map.put(fields.get("key"), fields.get("value"));
    }
    return map;
  }

  private static int run(RunEndEncodedVector runs, int index) {
    int run = 0;
    while ((int) runs.getRunEndsVector().getObject(run) <= index) {
      run++;
    }
    return run;
  }

  private ActualRows() {}
}
