package io.sluice.schema.rows;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.WireSchema;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.TypeLayout;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.ArrowType.ArrowTypeID;
import org.apache.arrow.vector.types.pojo.Field;

/** What a wire column has in a record batch: which buffers, of what width, and which children. */
final class Shape {

  /** The buffers of each, in their order (Arrow's columnar format 1.4, "Buffer Listing"). */
  enum Kind {
    /** Validity, and values of so many bits each. */
    FIXED,
    /** Validity, offsets, bytes. */
    BINARY,
    /** The same; the bytes are UTF-8. */
    TEXT,
    /** Validity, offsets. */
    LIST,
    /** The same; the child is a struct of key and value. */
    MAP,
    /** Validity. */
    STRUCT,
    /** None; the children are the ends of runs and what each run has. */
    RUNS
  }

  private static final Map<Table, Shape> ALL = new EnumMap<>(Table.class);

  static {
    for (Table table : Table.all()) {
      ALL.put(
          table,
          new Shape(
              table.tableName(), Kind.STRUCT, 0, false, of(WireSchema.of(table).getFields())));
    }
  }

  final String name;
  final Kind kind;
  final int bits;
  final boolean nullable;
  final Shape[] children;

  /** Columns, and buffers, of it and of all below it. */
  final int columns;

  final int buffers;

  private Shape(String name, Kind kind, int bits, boolean nullable, Shape[] children) {
    this.name = name;
    this.kind = kind;
    this.bits = bits;
    this.nullable = nullable;
    this.children = children;
    int below = 0;
    int buffersBelow = 0;
    for (Shape child : children) {
      below += child.columns;
      buffersBelow += child.buffers;
    }
    this.columns = 1 + below;
    this.buffers = own(kind) + buffersBelow;
  }

  private static int own(Kind kind) {
    return switch (kind) {
      case RUNS -> 0;
      case STRUCT -> 1;
      case FIXED, LIST, MAP -> 2;
      case BINARY, TEXT -> 3;
    };
  }

  /** The rows of a table: a struct of its columns, which is none of the record batch's own. */
  static Shape of(Table table) {
    Shape shape = ALL.get(table);
    if (shape == null) {
      throw new IllegalArgumentException("cannot read rows of " + table + ": it has no schema");
    }
    return shape;
  }

  private static Shape[] of(List<Field> fields) {
    return fields.stream().map(Shape::of).toArray(Shape[]::new);
  }

  static Shape of(Field field) {
    Kind kind = kind(field.getType().getTypeID());
    int bits = kind == Kind.FIXED ? bits(field.getType()) : 0;
    return new Shape(field.getName(), kind, bits, field.isNullable(), of(field.getChildren()));
  }

  private static int bits(ArrowType type) {
    return TypeLayout.getTypeLayout(type).getBufferLayouts().get(1).getTypeBitWidth();
  }

  private static Kind kind(ArrowTypeID type) {
    return switch (type) {
      case Int, FloatingPoint, Bool -> Kind.FIXED;
      case Binary -> Kind.BINARY;
      case Utf8 -> Kind.TEXT;
      case List -> Kind.LIST;
      case Map -> Kind.MAP;
      case Struct -> Kind.STRUCT;
      case RunEndEncoded -> Kind.RUNS;
      default -> throw new IllegalArgumentException("cannot read columns of type " + type);
    };
  }
}
