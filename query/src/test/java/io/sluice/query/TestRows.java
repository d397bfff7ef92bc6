package io.sluice.query;

import io.sluice.schema.table.Column;
import io.sluice.schema.table.ColumnType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * Rows as plain values: strings, numbers, {@code byte[]}, {@link Instant}, lists, and maps both for
 * maps and for structs. Written into vectors here, and as Iceberg's records.
 */
final class TestRows {

  static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  /** A value for every column, and nested ones in it. */
  static Map<String, Object> full(List<Column> columns) {
    Map<String, Object> row = new LinkedHashMap<>();
    columns.forEach(column -> row.put(column.name(), example(column.name(), column.type())));
    return row;
  }

  private static Object example(String name, ColumnType type) {
    if (type instanceof ColumnType.ListOf list) {
      return List.of(example(name, list.element()), example(name + "2", list.element()));
    }
    if (type instanceof ColumnType.Struct struct) {
      return full(struct.fields());
    }
    if (type instanceof ColumnType.StringMap) {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("http.route", "/" + name);
      map.put("a'b\"c", "x,\ny");
      map.put("none", null);
      return map;
    }
    return switch ((ColumnType.Primitive) type) {
      case STRING -> name + "-é";
      case BINARY -> new byte[] {0, (byte) 0xff, 7};
      case BOOLEAN -> true;
      case INT -> -5;
      case LONG -> Long.MAX_VALUE - name.length();
      case DOUBLE -> 1.5;
      case TIMESTAMP -> NOON.plusNanos(123_456_000);
    };
  }

  /** The row as Iceberg's writer takes it. */
  static GenericRecord record(Types.StructType type, Map<?, ?> values) {
    GenericRecord record = GenericRecord.create(type);
    for (Types.NestedField field : type.fields()) {
      record.setField(field.name(), generic(field.type(), values.get(field.name())));
    }
    return record;
  }

  private static Object generic(Type type, Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.typeId()) {
      case STRUCT -> record(type.asStructType(), (Map<?, ?>) value);
      case LIST -> {
        List<Object> list = new ArrayList<>();
        ((List<?>) value).forEach(v -> list.add(generic(type.asListType().elementType(), v)));
        yield list;
      }
      case TIMESTAMP -> OffsetDateTime.ofInstant((Instant) value, ZoneOffset.UTC);
      case BINARY -> ByteBuffer.wrap((byte[]) value);
      default -> value;
    };
  }

  /** Puts a value into the first row of a column. */
  static void set(FieldVector vector, Object value) {
    set(vector, 0, value);
  }

  static void set(ValueVector vector, int row, Object value) {
    if (value == null) {
      ((FieldVector) vector).setNull(row);
    } else if (vector instanceof MapVector map) {
      setMap(map, row, (Map<?, ?>) value);
    } else if (vector instanceof ListVector list) {
      int start = list.startNewValue(row);
      List<?> values = (List<?>) value;
      for (int i = 0; i < values.size(); i++) {
        set(list.getDataVector(), start + i, values.get(i));
      }
      list.getDataVector().setValueCount(start + values.size());
      list.endValue(row, values.size());
    } else if (vector instanceof StructVector struct) {
      struct.setIndexDefined(row);
      for (String name : struct.getChildFieldNames()) {
        set(struct.getChild(name), row, ((Map<?, ?>) value).get(name));
      }
    } else {
      setPlain(vector, row, value);
    }
  }

  private static void setMap(MapVector map, int row, Map<?, ?> value) {
    StructVector entries = (StructVector) map.getDataVector();
    int at = map.startNewValue(row);
    int start = at;
    for (Map.Entry<?, ?> entry : value.entrySet()) {
      entries.setIndexDefined(at);
      set(entries.getChildByOrdinal(0), at, entry.getKey());
      set(entries.getChildByOrdinal(1), at, entry.getValue());
      at++;
    }
    entries.setValueCount(at);
    map.endValue(row, at - start);
  }

  private static void setPlain(ValueVector vector, int row, Object value) {
    if (vector instanceof VarCharVector v) {
      v.setSafe(row, ((String) value).getBytes(StandardCharsets.UTF_8));
    } else if (vector instanceof VarBinaryVector v) {
      v.setSafe(row, (byte[]) value);
    } else if (vector instanceof BitVector v) {
      v.setSafe(row, (Boolean) value ? 1 : 0);
    } else if (vector instanceof IntVector v) {
      v.setSafe(row, (Integer) value);
    } else if (vector instanceof BigIntVector v) {
      v.setSafe(row, (Long) value);
    } else if (vector instanceof Float8Vector v) {
      v.setSafe(row, (Double) value);
    } else {
      Instant time = (Instant) value;
      ((TimeStampMicroTZVector) vector)
          .setSafe(row, time.getEpochSecond() * 1_000_000 + time.getNano() / 1000);
    }
  }

  private TestRows() {}
}
