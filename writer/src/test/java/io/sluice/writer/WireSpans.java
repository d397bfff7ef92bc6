package io.sluice.writer;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
    return of(allocator, List.of(service), firstNumber, rows, startNanos);
  }

  /** So many rows of each service, one service after the other; each row a nano later. */
  public static VectorSchemaRoot of(
      BufferAllocator allocator,
      List<String> services,
      int firstNumber,
      int rowsEach,
      long startNanos) {
    int rows = services.size() * rowsEach;
    VectorSchemaRoot root = VectorSchemaRoot.create(WireSchema.of(Table.TRACES), allocator);
    root.getFieldVectors().forEach(FieldVector::allocateNew);
    resources(root, services, rowsEach);
    StructVector scope = runs(root, "scope", 1, rows);
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

  /** Rows of a gauge: so many of each metric of each service. */
  public static VectorSchemaRoot gauges(
      BufferAllocator allocator,
      List<String> services,
      List<String> metrics,
      int rowsEach,
      long startNanos) {
    VectorSchemaRoot root = VectorSchemaRoot.create(WireSchema.of(Table.METRICS_GAUGE), allocator);
    root.getFieldVectors().forEach(FieldVector::allocateNew);
    int runs = services.size() * metrics.size();
    int rows = runs * rowsEach;
    resources(root, services, metrics.size() * rowsEach);
    empty(runs(root, "scope", 1, rows), "schema_url");
    StructVector metric = runs(root, "metric", runs, rowsEach);
    for (int run = 0; run < runs; run++) {
      String name = metrics.get(run % metrics.size());
      text(metric.getChild("name", VarCharVector.class), run, name);
    }
    metric.getChildrenFromFields().forEach(vector -> vector.setValueCount(runs));
    for (int row = 0; row < rows; row++) {
      ((UInt8Vector) root.getVector("time_unix_nano")).setSafe(row, startNanos + row);
    }
    root.getFieldVectors().forEach(vector -> vector.setValueCount(rows));
    root.setRowCount(rows);
    root.getFieldVectors().forEach(WireSpans::define);
    return root;
  }

  private static void resources(VectorSchemaRoot root, List<String> services, int rowsEach) {
    StructVector resource = runs(root, "resource", services.size(), rowsEach);
    MapVector attributes = (MapVector) resource.getChild("attributes");
    for (int run = 0; run < services.size(); run++) {
      attribute(attributes, run, "service.name", services.get(run));
    }
    resource.getChildrenFromFields().forEach(vector -> vector.setValueCount(services.size()));
  }

  /** Makes runs of equal length; their values are all set to be there. */
  private static StructVector runs(VectorSchemaRoot root, String name, int runs, int rowsEach) {
    FieldVector vector = root.getVector(name);
    IntVector ends = (IntVector) vector.getChildrenFromFields().get(0);
    StructVector values = (StructVector) vector.getChildrenFromFields().get(1);
    values.allocateNew();
    for (int run = 0; run < runs; run++) {
      ends.setSafe(run, (run + 1) * rowsEach);
      values.setIndexDefined(run);
    }
    ends.setValueCount(runs);
    values.setValueCount(runs);
    return values;
  }

  private static void attribute(MapVector map, int run, String key, String value) {
    UnionMapWriter writer = map.getWriter();
    writer.setPosition(run);
    writer.startMap();
    writer.startEntry();
    writer.key().varChar().writeVarChar(key);
    writer.value().varChar().writeVarChar(value);
    writer.endEntry();
    writer.endMap();
    map.setValueCount(run + 1);
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
