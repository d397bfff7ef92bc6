package io.sluice.schema.slow;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.BitVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.UInt4Vector;
import org.apache.arrow.vector.UInt8Vector;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;
import org.apache.arrow.vector.complex.StructVector;

/** Sets Java values into vectors, one at a time, by Arrow's ordinary setters. */
final class SlowVectors {

  static void set(FieldVector vector, int index, Object value) {
    if (value == null) {
      vector.setNull(index);
    } else if (vector instanceof VarCharVector v) {
      v.setSafe(index, ((String) value).getBytes(StandardCharsets.UTF_8));
    } else if (vector instanceof VarBinaryVector v) {
      v.setSafe(index, ((ByteString) value).toByteArray());
    } else if (vector instanceof UInt4Vector v) {
      v.setSafe(index, (Integer) value);
    } else if (vector instanceof UInt8Vector v) {
      v.setSafe(index, (Long) value);
    } else if (vector instanceof IntVector v) {
      v.setSafe(index, (Integer) value);
    } else if (vector instanceof BigIntVector v) {
      v.setSafe(index, (Long) value);
    } else if (vector instanceof Float8Vector v) {
      v.setSafe(index, (Double) value);
    } else if (vector instanceof BitVector v) {
      v.setSafe(index, (Boolean) value ? 1 : 0);
    } else {
      setNested(vector, index, value);
    }
  }

  private static void setNested(FieldVector vector, int index, Object value) {
    if (vector instanceof MapVector v) {
      int at = v.startNewValue(index);
      StructVector entries = (StructVector) v.getDataVector();
      int entry = at;
      for (Map.Entry<?, ?> e : ((Map<?, ?>) value).entrySet()) {
        entries.setIndexDefined(entry);
        set((FieldVector) entries.getChildByOrdinal(0), entry, e.getKey());
        set((FieldVector) entries.getChildByOrdinal(1), entry, e.getValue());
        entry++;
      }
      v.endValue(index, entry - at);
    } else if (vector instanceof ListVector v) {
      List<?> list = (List<?>) value;
      int at = v.startNewValue(index);
      for (int i = 0; i < list.size(); i++) {
        set(v.getDataVector(), at + i, list.get(i));
      }
      v.endValue(index, list.size());
    } else if (vector instanceof StructVector v) {
      v.setIndexDefined(index);
      SlowRow row = (SlowRow) value;
      for (FieldVector child : v.getChildrenFromFields()) {
        if (!row.values.containsKey(child.getName())) {
          throw new IllegalArgumentException("no value for " + child.getField());
        }
        set(child, index, row.values.get(child.getName()));
      }
    } else {
      throw new IllegalArgumentException("cannot set " + vector.getField());
    }
  }

  /** Neighbours that are the same object are one run. */
  static void setRuns(RunEndEncodedVector vector, List<SlowRow> ofRows) {
    List<SlowRow> runs = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    for (int row = 0; row < ofRows.size(); row++) {
      if (row == 0 || ofRows.get(row) != ofRows.get(row - 1)) {
        runs.add(ofRows.get(row));
        ends.add(row + 1);
      }
      ends.set(ends.size() - 1, row + 1);
    }
    for (int run = 0; run < runs.size(); run++) {
      set(vector.getRunEndsVector(), run, ends.get(run));
      set(vector.getValuesVector(), run, runs.get(run));
    }
    vector.getRunEndsVector().setValueCount(runs.size());
    vector.getValuesVector().setValueCount(runs.size());
  }

  private SlowVectors() {}
}
