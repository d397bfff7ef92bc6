package io.sluice.writer.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.iceberg.FieldMetrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.types.Types;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/** The columns of a table, as Parquet's schema and as the nodes that write it. */
final class ColumnTree {

  private final MessageType schema;
  private final List<Types.NestedField> fields;
  private final List<Node> columns = new ArrayList<>();
  private final Slots rows = new Slots();

  ColumnTree(Schema table) {
    this.schema = ParquetSchemaUtil.convert(table, "table");
    this.fields = table.columns();
    for (Type column : schema.getFields()) {
      columns.add(node(column, List.of(), 0, 0));
    }
  }

  MessageType schema() {
    return schema;
  }

  /** Takes the column chunks of a new row group. */
  void attach(Function<ColumnDescriptor, ColumnChunk> chunks) {
    columns.forEach(column -> column.attach(chunks));
  }

  /** Writes the rows of a window from {@code from} up to, not with, {@code to}. */
  void write(VectorSchemaRoot window, int from, int to) {
    rows.setRows(to - from);
    for (int i = 0; i < columns.size(); i++) {
      Node column = columns.get(i);
      column.bind(window.getVector(i), from, to);
      column.write(rows);
    }
  }

  /** Throws unless the window has our columns, in our order. */
  void require(VectorSchemaRoot window) {
    List<String> names = window.getFieldVectors().stream().map(v -> v.getName()).toList();
    List<String> ours = fields.stream().map(Types.NestedField::name).toList();
    if (!names.equals(ours)) {
      throw new IllegalArgumentException(
          "cannot write columns: " + names + " (expected " + ours + ")");
    }
  }

  /** What Parquet's own statistics do not say; for columns that are not in lists. */
  Stream<FieldMetrics<?>> doubleMetrics() {
    Stream.Builder<FieldMetrics<?>> metrics = Stream.builder();
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i) instanceof DoubleLeaf column) {
        metrics.add(column.metrics(fields.get(i).fieldId()));
      }
    }
    return metrics.build();
  }

  private Node node(Type type, List<String> parents, int repetition, int parentLevel) {
    List<String> path = append(parents, type.getName());
    boolean optional = type.isRepetition(Type.Repetition.OPTIONAL);
    int level = optional ? parentLevel + 1 : parentLevel;
    if (type.isPrimitive()) {
      return leaf(path, parentLevel, optional);
    }
    GroupType group = type.asGroupType();
    Type first = group.getType(0);
    if (!first.isRepetition(Type.Repetition.REPEATED)) {
      return struct(group, path, repetition, parentLevel, optional);
    }
    // A list or map: one more level each for repeating at all, and for being there.
    List<String> inner = append(path, first.getName());
    GroupType repeated = first.asGroupType();
    Node[] elements = new Node[repeated.getFieldCount()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = node(repeated.getType(i), inner, repetition + 1, level + 1);
    }
    return new ListNode(elements, repetition + 1, parentLevel, optional);
  }

  private StructNode struct(
      GroupType group, List<String> path, int repetition, int parentLevel, boolean optional) {
    int level = optional ? parentLevel + 1 : parentLevel;
    Node[] nodes = new Node[group.getFieldCount()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = node(group.getType(i), path, repetition, level);
    }
    return new StructNode(nodes, parentLevel, optional);
  }

  private Leaf leaf(List<String> path, int parentLevel, boolean optional) {
    ColumnDescriptor column = schema.getColumnDescription(path.toArray(String[]::new));
    PrimitiveType.PrimitiveTypeName kind = column.getPrimitiveType().getPrimitiveTypeName();
    return switch (kind) {
      case BINARY -> new BytesLeaf(column, parentLevel, optional);
      case INT64, INT32 -> new NumberLeaf(column, parentLevel, optional);
      case DOUBLE -> new DoubleLeaf(column, parentLevel, optional);
      case BOOLEAN -> new BooleanLeaf(column, parentLevel, optional);
      default -> throw new IllegalArgumentException("cannot write column " + path + ": " + kind);
    };
  }

  private static List<String> append(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }
}
