package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both forms are written down as text, each from its own side, and must be equal. */
class IcebergSchemaTest {

  @ParameterizedTest
  @EnumSource(Table.class)
  void columnsAreThoseOfTheArrowSchema(Table table) {
    List<String> arrow = new ArrayList<>();
    TableSchema.of(table).arrow().getFields().forEach(f -> arrow.add(text(f)));
    List<String> iceberg = new ArrayList<>();
    IcebergSchema.of(table).columns().forEach(f -> iceberg.add(text(f)));
    assertThat(iceberg).isEqualTo(arrow).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource(Table.class)
  void filesAreSortedByServiceMetricAndTime(Table table) {
    Schema schema = IcebergSchema.of(table);
    SortOrder order = IcebergSchema.sorting(table, schema);
    List<String> columns =
        order.fields().stream().map(f -> schema.findColumnName(f.sourceId())).toList();
    assertThat(columns)
        .isEqualTo(
            table.tableName().startsWith("metrics_")
                ? List.of("service_name", "metric_name", "time")
                : List.of("service_name", "time"));
    assertThat(IcebergSchema.partitioning(schema).fields().get(0).transform().toString())
        .isEqualTo("day");
  }

  private static String text(Field field) {
    return field.getName() + (field.isNullable() ? "?" : "") + ":" + typeText(field);
  }

  private static String typeText(Field field) {
    ArrowType type = field.getType();
    List<Field> children = field.getChildren();
    return switch (type.getTypeID()) {
      case Struct -> children.stream().map(IcebergSchemaTest::text).toList().toString();
      case List -> "list " + text(children.get(0));
      case Map -> {
        List<Field> entry = children.get(0).getChildren();
        yield "map " + typeText(entry.get(0)) + " " + text(entry.get(1));
      }
      case Int -> ((ArrowType.Int) type).getBitWidth() == 64 ? "long" : "int";
      case Timestamp ->
          type.equals(
                  new ArrowType.Timestamp(
                      org.apache.arrow.vector.types.TimeUnit.MICROSECOND, "UTC"))
              ? "timestamptz"
              : type.toString();
      case FloatingPoint -> "double";
      case Utf8 -> "string";
      case Bool -> "boolean";
      case Binary -> "binary";
      default -> type.toString();
    };
  }

  private static String text(Types.NestedField field) {
    return field.name() + (field.isOptional() ? "?" : "") + ":" + typeText(field.type());
  }

  private static String typeText(Type type) {
    return switch (type.typeId()) {
      case STRUCT ->
          type.asStructType().fields().stream().map(IcebergSchemaTest::text).toList().toString();
      case LIST -> "list " + text(type.asListType().fields().get(0));
      case MAP -> {
        Types.MapType map = type.asMapType();
        yield "map "
            + typeText(map.keyType())
            + " value"
            + (map.isValueOptional() ? "?" : "")
            + ":"
            + typeText(map.valueType());
      }
      case INTEGER -> "int";
      default -> type.toString();
    };
  }
}
