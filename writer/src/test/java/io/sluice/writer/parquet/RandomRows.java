package io.sluice.writer.parquet;

import io.sluice.schema.table.Column;
import io.sluice.schema.table.ColumnType;
import io.sluice.schema.table.Table;
import io.sluice.schema.table.TableSchema;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Rows of a table with every shape a column can have, from a seed. All are of {@link #DAY}. */
final class RandomRows {

  static final LocalDate DAY = LocalDate.of(2026, 11, 22);
  static final long MIDNIGHT = DAY.toEpochDay() * 86_400_000_000L;

  private static final double[] DOUBLES = {
    0.0, -0.0, 1.5, Double.NaN, Double.MAX_VALUE, Double.MIN_VALUE, Double.POSITIVE_INFINITY
  };

  private final Random random;

  RandomRows(long seed) {
    this.random = new Random(seed);
  }

  List<Map<String, Object>> rows(Table table, int count) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = struct(TableSchema.of(table).columns());
      row.put("time", MIDNIGHT + random.nextInt(1_000_000) * 1_000L);
      row.replace("service_name", "service-" + random.nextInt(3));
      rows.add(row);
    }
    return rows;
  }

  private Map<String, Object> struct(List<Column> columns) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Column column : columns) {
      boolean isNull = !column.required() && random.nextInt(4) == 0;
      values.put(column.name(), isNull ? null : value(column.type()));
    }
    return values;
  }

  private Object value(ColumnType type) {
    if (type instanceof ColumnType.Struct struct) {
      return struct(struct.fields());
    }
    if (type instanceof ColumnType.ListOf list) {
      List<Object> elements = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        elements.add(value(list.element()));
      }
      return elements;
    }
    if (type instanceof ColumnType.StringMap) {
      Map<String, Object> map = new LinkedHashMap<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        map.put("key-" + i, random.nextInt(5) == 0 ? null : text());
      }
      return map;
    }
    return primitive((ColumnType.Primitive) type);
  }

  private Object primitive(ColumnType.Primitive type) {
    return switch (type) {
      case STRING -> text();
      case BINARY -> text().getBytes(java.nio.charset.StandardCharsets.UTF_8);
      case BOOLEAN -> random.nextBoolean();
      case INT -> random.nextInt();
      case LONG -> random.nextInt(3) == 0 ? -1L - random.nextInt(9) : random.nextLong();
      case DOUBLE -> DOUBLES[random.nextInt(DOUBLES.length)];
      case TIMESTAMP ->
          DAY.atStartOfDay().toEpochSecond(ZoneOffset.UTC) * 1_000_000 + random.nextInt();
    };
  }

  private String text() {
    int length = random.nextInt(4) * random.nextInt(9);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(random.nextInt(8) == 0 ? 0x1F600 + i : 'a' + random.nextInt(26));
    }
    return text.toString();
  }
}
