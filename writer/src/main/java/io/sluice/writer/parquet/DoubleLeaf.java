package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.iceberg.FieldMetrics;
import org.apache.parquet.column.ColumnDescriptor;

/** Doubles. Parquet's statistics cannot cope with NaN, so bounds are kept here, without NaN. */
final class DoubleLeaf extends Leaf {

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
    return valueCount == nullCount + nanCount
        ? new FieldMetrics<>(fieldId, valueCount, nullCount, nanCount)
        : new FieldMetrics<>(fieldId, valueCount, nullCount, nanCount, lower, upper);
  }
}
