package io.sluice.schema.table;

import java.util.List;

/**
 * One column of a table, or one field of a struct in it.
 *
 * @param name OTLP's own name, snake_case
 * @param required true only where every row has a value
 * @param meaning what a value is
 * @param whenNull what null means; empty if it cannot be null
 */
public record Column(
    String name, ColumnType type, boolean required, String meaning, String whenNull) {

  static Column required(String name, ColumnType type, String meaning) {
    return new Column(name, type, true, meaning, "");
  }

  /** Always has a value in rows of ours, though engines see it as optional. */
  static Column filled(String name, ColumnType type, String meaning) {
    return new Column(name, type, false, meaning, "");
  }

  static Column nullable(String name, ColumnType type, String meaning, String whenNull) {
    return new Column(name, type, false, meaning, whenNull);
  }

  static ColumnType struct(Column... fields) {
    return new ColumnType.Struct(List.of(fields));
  }

  static ColumnType list(ColumnType element) {
    return new ColumnType.ListOf(element);
  }
}
