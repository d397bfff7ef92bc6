package io.sluice.schema.table;

import java.util.List;

/** The text of docs/schema.md, from {@link TableSchema}: what each column means, and its null. */
public final class SchemaPage {

  private static final String HEAD =
      """
      # Tables

      Generated from `TableSchema` by `SchemaPage`; a test compares the two. Hot reads (Arrow Flight)
      and the Iceberg tables have the same columns, names and types.

      - One namespace per tenant (`default` if none is named), eight tables in each. Partitioned by
        `day(time)`; sorted within a file by `service_name`, in metric tables then by `metric_name`,
        then by `time`.
      - `time` is the event's unless that is older than `time.max-past` (7 days) or further ahead than
        `time.max-future` (1 hour); then it is when the record came, and `time_source` says so. What was
        sent is in the `*_unix_nano` columns.
      - Times are micros since the epoch in UTC; `*_unix_nano` columns are exact, and unsigned: a value
        beyond 2^63 nanos shows as a negative long. Other counters called unsigned do the same.
      - Attributes are `map<string,string>`: strings as they are, ints in decimal, doubles with `.` or
        `E` (`1.0`, `2.0E23`, `NaN`), `true` and `false`, bytes in base64, arrays and maps as JSON, an
        empty value null. The `*_types` column beside a map tells the types. Each key once; where a
        client sent a key twice, the last value counts.
      - Enums are names without their prefix (`SERVER`, `ERROR`, `CUMULATIVE`); a number that has no
        name is its decimal.
      - `*_raw` columns are null unless the columns cannot give a record back exactly (unknown fields,
        repeated keys, text that is not UTF-8, nested bytes or NaN). Text that was not UTF-8 has
        U+FFFD in its column.
      - `profiles` is of a signal whose OTLP is in development: the protocol may still change, and so may
        the columns that are made of it; `profile` and `dictionary` are what was sent, byte for byte.
      - A column without an entry under "null means" is never null in rows that Sluice wrote.
      """;

  public static String text() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Table table : Table.all()) {
      page.append("\n## ").append(table.tableName()).append("\n\n");
      page.append("| column | type | meaning | null means |\n|---|---|---|---|\n");
      append(page, "", TableSchema.of(table).columns());
    }
    return page.toString();
  }

  private static void append(StringBuilder page, String prefix, List<Column> columns) {
    for (Column column : columns) {
      String name = prefix + column.name();
      page.append("| `%s` | `%s` | ".formatted(name, typeName(column)))
          .append("%s | %s |\n".formatted(cell(column.meaning()), cell(column.whenNull())));
      if (column.type() instanceof ColumnType.ListOf list
          && list.element() instanceof ColumnType.Struct struct) {
        append(page, name + "[].", struct.fields());
      }
    }
  }

  private static String typeName(Column column) {
    return typeName(column.type()) + (column.required() ? " required" : "");
  }

  private static String typeName(ColumnType type) {
    if (type instanceof ColumnType.Primitive primitive) {
      return switch (primitive) {
        case STRING -> "string";
        case BINARY -> "binary";
        case BOOLEAN -> "boolean";
        case INT -> "int";
        case LONG -> "long";
        case DOUBLE -> "double";
        case TIMESTAMP -> "timestamptz";
      };
    }
    if (type instanceof ColumnType.ListOf list) {
      return "list<" + typeName(list.element()) + ">";
    }
    return type instanceof ColumnType.StringMap ? "map<string,string>" : "struct";
  }

  /** A bar would end the cell. */
  private static String cell(String text) {
    return text.replace("|", "\\|");
  }

  private SchemaPage() {}
}
