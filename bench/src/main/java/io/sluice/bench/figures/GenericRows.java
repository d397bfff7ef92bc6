package io.sluice.bench.figures;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.ValueVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Plain rows as Iceberg's generic records: what its generic writer takes. */
final class GenericRows {

  private GenericRows() {}

  static List<Record> of(Schema schema, VectorSchemaRoot window) {
    List<Record> records = new ArrayList<>();
    for (int i = 0; i < window.getRowCount(); i++) {
      Record row = GenericRecord.create(schema);
      for (Types.NestedField field : schema.columns()) {
        FieldVector vector = window.getVector(field.name());
        row.setField(field.name(), value(field.type(), vector, i));
      }
      records.add(row);
    }
    return records;
  }

  private static @Nullable Object value(Type type, ValueVector vector, int i) {
    if (vector.isNull(i)) {
      return null;
    }
    return switch (type.typeId()) {
      case STRING -> text((VarCharVector) vector, i);
      case BINARY -> ByteBuffer.wrap(((VarBinaryVector) vector).get(i));
      case BOOLEAN -> ((BitVector) vector).get(i) == 1;
      case INTEGER -> (int) ((BaseIntVector) vector).getValueAsLong(i);
      case LONG -> ((BaseIntVector) vector).getValueAsLong(i);
      case DOUBLE -> ((Float8Vector) vector).get(i);
      case TIMESTAMP -> time(((TimeStampMicroTZVector) vector).get(i));
      case MAP -> map(type.asMapType(), (MapVector) vector, i);
      case LIST -> list(type.asListType(), (ListVector) vector, i);
      case STRUCT -> struct(type.asStructType(), (StructVector) vector, i);
      default -> throw new IllegalArgumentException("no values of " + type);
    };
  }

  private static String text(VarCharVector vector, int i) {
    return new String(vector.get(i), StandardCharsets.UTF_8);
  }

  private static Object time(long micros) {
    return Instant.ofEpochSecond(
            Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L)
        .atOffset(ZoneOffset.UTC);
  }

  private static Map<@Nullable Object, @Nullable Object> map(
      Types.MapType type, MapVector vector, int i) {
    StructVector entries = (StructVector) vector.getDataVector();
    Map<@Nullable Object, @Nullable Object> map = new HashMap<>();
    for (int at = vector.getElementStartIndex(i); at < vector.getElementEndIndex(i); at++) {
      map.put(
          value(type.keyType(), entries.getChildByOrdinal(0), at),
          value(type.valueType(), entries.getChildByOrdinal(1), at));
    }
    return map;
  }

  private static List<@Nullable Object> list(Types.ListType type, ListVector vector, int i) {
    List<@Nullable Object> list = new ArrayList<>();
    for (int at = vector.getElementStartIndex(i); at < vector.getElementEndIndex(i); at++) {
      list.add(value(type.elementType(), vector.getDataVector(), at));
    }
    return list;
  }

  private static Record struct(Types.StructType type, StructVector vector, int i) {
    Record record = GenericRecord.create(type);
    for (Types.NestedField field : type.fields()) {
      record.setField(field.name(), value(field.type(), vector.getChild(field.name()), i));
    }
    return record;
  }
}
