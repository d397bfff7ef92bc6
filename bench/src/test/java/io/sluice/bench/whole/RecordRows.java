package io.sluice.bench.whole;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.TimeStampMicroTZVector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.iceberg.data.Record;

/** Records, as Iceberg's own reader gives them, as the plain rows they were. */
final class RecordRows {

  static void fill(VectorSchemaRoot root, List<Record> records) {
    root.allocateNew();
    for (FieldVector vector : root.getFieldVectors()) {
      for (int i = 0; i < records.size(); i++) {
        set(vector, i, records.get(i).getField(vector.getName()));
      }
    }
    root.setRowCount(records.size());
  }

  private static void set(FieldVector vector, int i, Object value) {
    if (value == null) {
      vector.setNull(i);
    } else if (vector instanceof MapVector map) {
      Map<?, ?> entries = (Map<?, ?>) value;
      StructVector out = (StructVector) map.getDataVector();
      int at = map.startNewValue(i);
      for (Map.Entry<?, ?> entry : entries.entrySet()) {
        out.setIndexDefined(at);
        set(out.getChildrenFromFields().get(0), at, entry.getKey());
        set(out.getChildrenFromFields().get(1), at++, entry.getValue());
      }
      map.endValue(i, entries.size());
    } else if (vector instanceof ListVector list) {
      List<?> elements = (List<?>) value;
      int at = list.startNewValue(i);
      for (Object element : elements) {
        set(list.getDataVector(), at++, element);
      }
      list.endValue(i, elements.size());
    } else if (vector instanceof StructVector struct) {
      struct.setIndexDefined(i);
      for (FieldVector child : struct.getChildrenFromFields()) {
        set(child, i, ((Record) value).getField(child.getName()));
      }
    } else {
      setScalar(vector, i, value);
    }
  }

  private static void setScalar(FieldVector vector, int i, Object value) {
    if (vector instanceof VarCharVector texts) {
      texts.setSafe(i, ((String) value).getBytes(StandardCharsets.UTF_8));
    } else if (vector instanceof VarBinaryVector binary) {
      ByteBuffer bytes = (ByteBuffer) value;
      binary.setSafe(i, bytes, bytes.position(), bytes.remaining());
    } else if (vector instanceof BigIntVector longs) {
      longs.setSafe(i, (Long) value);
    } else if (vector instanceof IntVector ints) {
      ints.setSafe(i, (Integer) value);
    } else if (vector instanceof Float8Vector doubles) {
      doubles.setSafe(i, (Double) value);
    } else if (vector instanceof BitVector bits) {
      bits.setSafe(i, (Boolean) value ? 1 : 0);
    } else if (vector instanceof TimeStampMicroTZVector times) {
      times.setSafe(
          i,
          ChronoUnit.MICROS.between(
              OffsetDateTime.parse("1970-01-01T00:00Z"), (OffsetDateTime) value));
    } else {
      throw new IllegalArgumentException(vector.getField() + " of " + value.getClass());
    }
  }

  private RecordRows() {}
}
