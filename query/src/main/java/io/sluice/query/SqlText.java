package io.sluice.query;

import java.util.List;
import java.util.stream.Collectors;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** Pieces of DuckDB's SQL. */
final class SqlText {

  /** A name, whatever is in it. */
  static String name(String name) {
    return "\"" + name.replace("\"", "\"\"") + "\"";
  }

  static String string(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  static String strings(List<String> texts) {
    return texts.stream().map(SqlText::string).collect(Collectors.joining(", ", "[", "]"));
  }

  /**
   * DuckDB's type for a column of the table.
   *
   * @throws ReadException DuckDB has none
   */
  static String type(Type type) throws ReadException {
    switch (type.typeId()) {
      case STRUCT -> {
        StringBuilder fields = new StringBuilder();
        for (Types.NestedField field : type.asStructType().fields()) {
          fields.append(fields.length() == 0 ? "" : ", ");
          fields.append(name(field.name())).append(' ').append(type(field.type()));
        }
        return "STRUCT(" + fields + ")";
      }
      case LIST -> {
        return type(type.asListType().elementType()) + "[]";
      }
      case MAP -> {
        Types.MapType map = type.asMapType();
        return "MAP(" + type(map.keyType()) + ", " + type(map.valueType()) + ")";
      }
      default -> {
        return primitive(type);
      }
    }
  }

  private static String primitive(Type type) throws ReadException {
    return switch (type.typeId()) {
      case BOOLEAN -> "BOOLEAN";
      case INTEGER -> "INTEGER";
      case LONG -> "BIGINT";
      case FLOAT -> "FLOAT";
      case DOUBLE -> "DOUBLE";
      case DATE -> "DATE";
      case TIME -> "TIME";
      case TIMESTAMP ->
          ((Types.TimestampType) type).shouldAdjustToUTC() ? "TIMESTAMPTZ" : "TIMESTAMP";
      case STRING -> "VARCHAR";
      case UUID -> "UUID";
      case FIXED, BINARY -> "BLOB";
      case DECIMAL -> {
        Types.DecimalType decimal = (Types.DecimalType) type;
        yield "DECIMAL(" + decimal.precision() + ", " + decimal.scale() + ")";
      }
      default ->
          throw new ReadException(
              "cannot read columns of type %s: not supported here (use another engine)"
                  .formatted(type),
              null);
    };
  }

  private SqlText() {}
}
