package io.sluice.schema.table;

import java.util.List;
import org.apache.arrow.vector.types.FloatingPointPrecision;
import org.apache.arrow.vector.types.TimeUnit;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Columns as Arrow fields. Names of inner fields (element, key_value, key, value) are those that
 * Parquet readers give, so that hot and persisted rows have equal types.
 */
final class ArrowForm {

  private static final ArrowType UTF8 = new ArrowType.Utf8();

  static Schema schema(List<Column> columns) {
    return new Schema(columns.stream().map(c -> field(c.name(), c.type(), !c.required())).toList());
  }

  private static Field field(String name, ColumnType type, boolean nullable) {
    FieldType fieldType = new FieldType(nullable, arrowType(type), null);
    if (type instanceof ColumnType.StringMap) {
      return new Field(name, fieldType, List.of(entries()));
    }
    if (type instanceof ColumnType.ListOf list) {
      return new Field(name, fieldType, List.of(field("element", list.element(), true)));
    }
    if (type instanceof ColumnType.Struct struct) {
      List<Field> fields =
          struct.fields().stream().map(c -> field(c.name(), c.type(), true)).toList();
      return new Field(name, fieldType, fields);
    }
    return new Field(name, fieldType, null);
  }

  private static Field entries() {
    return new Field(
        "key_value",
        FieldType.notNullable(ArrowType.Struct.INSTANCE),
        List.of(
            new Field("key", FieldType.notNullable(UTF8), null),
            new Field("value", FieldType.nullable(UTF8), null)));
  }

  private static ArrowType arrowType(ColumnType type) {
    if (type instanceof ColumnType.Primitive primitive) {
      return switch (primitive) {
        case STRING -> UTF8;
        case BINARY -> new ArrowType.Binary();
        case BOOLEAN -> new ArrowType.Bool();
        case INT -> new ArrowType.Int(32, true);
        case LONG -> new ArrowType.Int(64, true);
        case DOUBLE -> new ArrowType.FloatingPoint(FloatingPointPrecision.DOUBLE);
        case TIMESTAMP -> new ArrowType.Timestamp(TimeUnit.MICROSECOND, "UTC");
      };
    }
    if (type instanceof ColumnType.StringMap) {
      return new ArrowType.Map(false);
    }
    return type instanceof ColumnType.ListOf ? new ArrowType.List() : ArrowType.Struct.INSTANCE;
  }

  private ArrowForm() {}
}
