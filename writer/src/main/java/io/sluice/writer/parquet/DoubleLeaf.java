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

  private long[] bits = new long[0];
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
    bits = Buffers.longs(vector.getDataBuffer(), from, to - from, bits);
  }

  @Override
  void addValues(ColumnChunk out, int from, int to) {
    ((FixedValues) out.values()).add(bits, from, to, out.statistics());
    for (int i = from; i < to; i++) {
      double value = Double.longBitsToDouble(bits[i]);
      if (Double.isNaN(value)) {
        nanCount++;
      } else {
        lower = Math.min(lower, value);
        upper = Math.max(upper, value);
      }
    }
    valueCount += to - from;
  }

  @Override
  void addNulls(ColumnChunk out, int level, int times) {
    super.addNulls(out, level, times);
    valueCount += times;
    nullCount += times;
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
