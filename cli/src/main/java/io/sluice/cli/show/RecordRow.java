package io.sluice.cli.show;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BaseIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.TimeStampVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/**
 * A row of a table of ours, as a Writer sends it or DuckDB does: the one it stands at. Columns that
 * are not there are as if null. One thread uses it.
 */
public final class RecordRow {

  private final Map<String, FieldVector> columns = new HashMap<>();
  private int row;

  /** Over columns whose rows are changed by their owner. */
  public RecordRow(List<FieldVector> vectors) {
    vectors.forEach(vector -> columns.put(vector.getName(), vector));
  }

  /** Goes to a row, from 0. */
  public RecordRow at(int index) {
    row = index;
    return this;
  }

  private @Nullable FieldVector there(String column) {
    FieldVector vector = columns.get(column);
    return vector == null || vector.isNull(row) ? null : vector;
  }

  public boolean has(String column) {
    return there(column) != null;
  }

  /** Empty if it is null. */
  public String text(String column) {
    return there(column) instanceof VarCharVector strings
        ? new String(strings.get(row), StandardCharsets.UTF_8)
        : "";
  }

  /** 0 if it is null. */
  public long number(String column) {
    return there(column) instanceof BaseIntVector numbers ? numbers.getValueAsLong(row) : 0;
  }

  /** NaN if it is null. */
  public double real(String column) {
    return there(column) instanceof Float8Vector doubles ? doubles.get(row) : Double.NaN;
  }

  /** The epoch if it is null. */
  public Instant time(String column) {
    return there(column) instanceof TimeStampVector times
        ? Instant.EPOCH.plus(times.get(row), ChronoUnit.MICROS)
        : Instant.EPOCH;
  }

  /** A map of strings, in its order; of a key without a value, empty. */
  public Map<String, String> map(String column) {
    if (!(there(column) instanceof MapVector map)) {
      return Map.of();
    }
    Map<String, String> entries = new LinkedHashMap<>();
    StructVector pairs = (StructVector) map.getDataVector();
    VarCharVector keys = (VarCharVector) pairs.getChildByOrdinal(0);
    VarCharVector values = (VarCharVector) pairs.getChildByOrdinal(1);
    for (int at = map.getElementStartIndex(row); at < map.getElementEndIndex(row); at++) {
      entries.put(
          new String(keys.get(at), StandardCharsets.UTF_8),
          values.isNull(at) ? "" : new String(values.get(at), StandardCharsets.UTF_8));
    }
    return entries;
  }

  /** How many elements a list has. */
  public int size(String column) {
    return there(column) instanceof ListVector list
        ? list.getElementEndIndex(row) - list.getElementStartIndex(row)
        : 0;
  }
}
