package io.sluice.lake;

import io.sluice.schema.table.Column;
import io.sluice.schema.table.ColumnType;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * A {@link io.sluice.schema.table.TableSchema} as Iceberg's schema, partition spec and sort order.
 * Field ids here only seed a new table: Iceberg assigns its own when it creates one, so files are
 * always written with the ids of the loaded table.
 */
public final class IcebergSchema {

  private int lastId;

  /** The columns that every table of its kind has. */
  public static Schema of(Table table) {
    return of(table, Promotions.NONE);
  }

  /** The schema a new table gets. */
  public static Schema of(Table table, Promotions promotions) {
    return new Schema(new IcebergSchema().fields(promotions.columns(table)));
  }

  /** A column alone; its id means nothing. */
  static Types.NestedField field(Column column) {
    return new IcebergSchema().fields(List.of(column)).get(0);
  }

  /** {@code day(time)}. */
  public static PartitionSpec partitioning(Schema schema) {
    return PartitionSpec.builderFor(schema).day("time").build();
  }

  /**
   * {@code service_name}, then {@code metric_name} where there is one, then {@code time}; nulls
   * first.
   */
  public static SortOrder sorting(Table table, Schema schema) {
    SortOrder.Builder order = SortOrder.builderFor(schema).asc("service_name");
    if (table.signal() == Signal.METRICS) {
      order.asc("metric_name");
    }
    return order.asc("time").build();
  }

  private List<Types.NestedField> fields(List<Column> columns) {
    int first = lastId + 1;
    lastId += columns.size();
    List<Types.NestedField> fields = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      fields.add(
          Types.NestedField.builder()
              .withId(first + i)
              .withName(column.name())
              .isOptional(!column.required())
              .ofType(type(column.type()))
              .withDoc(doc(column))
              .build());
    }
    return fields;
  }

  private Type type(ColumnType type) {
    if (type instanceof ColumnType.Primitive primitive) {
      return primitive(primitive);
    }
    if (type instanceof ColumnType.StringMap) {
      int key = ++lastId;
      int value = ++lastId;
      return Types.MapType.ofOptional(key, value, Types.StringType.get(), Types.StringType.get());
    }
    if (type instanceof ColumnType.ListOf list) {
      int element = ++lastId;
      return Types.ListType.ofOptional(element, type(list.element()));
    }
    return Types.StructType.of(fields(((ColumnType.Struct) type).fields()));
  }

  static Type.PrimitiveType primitive(ColumnType.Primitive primitive) {
    return switch (primitive) {
      case STRING -> Types.StringType.get();
      case BINARY -> Types.BinaryType.get();
      case BOOLEAN -> Types.BooleanType.get();
      case INT -> Types.IntegerType.get();
      case LONG -> Types.LongType.get();
      case DOUBLE -> Types.DoubleType.get();
      case TIMESTAMP -> Types.TimestampType.withZone();
    };
  }

  private static String doc(Column column) {
    return column.whenNull().isEmpty()
        ? column.meaning()
        : column.meaning() + "; null: " + column.whenNull();
  }

  private IcebergSchema() {}
}
