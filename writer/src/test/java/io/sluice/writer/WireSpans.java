package io.sluice.writer;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.BitVectorHelper;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.complex.impl.UnionMapWriter;

/** Wire rows of spans, made with Arrow's own setters; a row's number is in its span id. */
public final class WireSpans {

  public static VectorSchemaRoot of(
      BufferAllocator allocator, String service, int firstNumber, int rows, long startNanos) {
    VectorSchemaRoot root = VectorSchemaRoot.create(WireSchema.of(Table.TRACES), allocator);
    root.getFieldVectors().forEach(FieldVector::allocateNew);
    StructVector resource = run(root, "resource", rows);
    attribute((MapVector) resource.getChild("attributes"), "service.name", service);
    empty(resource, "schema_url");
    StructVector scope = run(root, "scope", rows);
    text(scope.getChild("name", VarCharVector.class), 0, "test");
    empty(scope, "schema_url");
    for (int row = 0; row < rows; row++) {
      id(root, "trace_id", row, 16, firstNumber + row);
      id(root, "span_id", row, 8, firstNumber + row);
      ((UInt8Vector) root.getVector("start_time_unix_nano")).setSafe(row, startNanos + row);
      ((UInt8Vector) root.getVector("end_time_unix_nano")).setSafe(row, startNanos + row + 5000);
      text((VarCharVector) root.getVector("name"), row, "span " + (firstNumber + row));
    }
    root.getFieldVectors().forEach(vector -> vector.setValueCount(rows));
    root.setRowCount(rows);
    root.getFieldVectors().forEach(WireSpans::define);
    return root;
  }

  /** What was not set and cannot be null is 0 or empty. */
  private static void define(FieldVector vector) {
    if (!(vector instanceof RunEndEncodedVector) && !vector.getField().isNullable()) {
      for (int i = 0; i < vector.getValueCount(); i++) {
        BitVectorHelper.setBit(vector.getValidityBuffer(), i);
      }
    }
    vector.getChildrenFromFields().forEach(WireSpans::define);
  }

  private static StructVector run(VectorSchemaRoot root, String name, int rows) {
    FieldVector runs = root.getVector(name);
    IntVector ends = (IntVector) runs.getChildrenFromFields().get(0);
    ends.setSafe(0, rows);
    ends.setValueCount(1);
    StructVector values = (StructVector) runs.getChildrenFromFields().get(1);
    values.allocateNew();
    values.setIndexDefined(0);
    values.setValueCount(1);
    return values;
  }

  private static void attribute(MapVector map, String key, String value) {
    UnionMapWriter writer = map.getWriter();
    writer.setPosition(0);
    writer.startMap();
    writer.startEntry();
    writer.key().varChar().writeVarChar(key);
    writer.value().varChar().writeVarChar(value);
    writer.endEntry();
    writer.endMap();
    map.setValueCount(1);
  }

  private static void empty(StructVector struct, String name) {
    text(struct.getChild(name, VarCharVector.class), 0, "");
  }

  private static void text(VarCharVector vector, int row, String text) {
    vector.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
    fillTo(vector, row + 1);
  }

  private static void fillTo(BaseVariableWidthVector vector, int rows) {
    vector.setValueCount(Math.max(vector.getValueCount(), rows));
  }

  private static void id(VectorSchemaRoot root, String name, int row, int length, long number) {
    byte[] bytes = ByteBuffer.allocate(length).putLong(length - 8, number + 1).array();
    ((VarBinaryVector) root.getVector(name)).setSafe(row, bytes);
  }

  private WireSpans() {}
}
