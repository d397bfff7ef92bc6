package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.iceberg.FieldMetrics;
import org.apache.parquet.column.ColumnDescriptor;

/**
 * Doubles. Parquet's statistics cannot cope with NaN, so bounds are kept here. Where there is a NaN
 * there are none: to Spark and DuckDB NaN is greater than all else, yet both skip a file whose
 * upper bound is below what they look for, or that is said to hold nothing but NaN.
 */
final class DoubleLeaf extends Leaf {

  /** Iceberg leaves out a count below 0. */
  private static final long UNTOLD = -1;

  private double[] values = new double[0];
  private long valueCount;
  private long nullCount;
  private long nanCount;
  private double lower = Double.POSITIVE_INFINITY;
  private double upper = Double.NEGATIVE_INFINITY;

  DoubleLeaf(ColumnDescriptor column, int parentLevel, boolean optional) {
    super(column, parentLevel, optional);
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    values = Buffers.doubles(vector.getDataBuffer(), from, to - from, values);
  }

  @Override
  void writeValue(int index, int repetition) {
    double value = values[index];
    writer().write(value, repetition, presentLevel);
    valueCount++;
    if (Double.isNaN(value)) {
      nanCount++;
    } else {
      lower = Math.min(lower, value);
      upper = Math.max(upper, value);
    }
  }

  @Override
  void writeNull(int repetition, int level) {
    super.writeNull(repetition, level);
    valueCount++;
    nullCount++;
  }

  /** Of all rows written so far, in every row group. */
  FieldMetrics<Double> metrics(int fieldId) {
    if (nanCount == 0 && valueCount > nullCount) {
      return new FieldMetrics<>(fieldId, valueCount, nullCount, nanCount, lower, upper);
    }
    boolean nothingElse = nanCount > 0 && valueCount == nullCount + nanCount;
    return new FieldMetrics<>(fieldId, valueCount, nullCount, nothingElse ? UNTOLD : nanCount);
  }
}
