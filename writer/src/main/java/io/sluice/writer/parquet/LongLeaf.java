package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;

/** Longs and times. */
final class LongLeaf extends Leaf {

  private long[] values = new long[0];

  LongLeaf(ColumnDescriptor column, int parentLevel, boolean optional) {
    super(column, parentLevel, optional);
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    values = Buffers.longs(vector.getDataBuffer(), from, to - from, values);
  }

  @Override
  void writeValue(int index, int repetition) {
    writer().write(values[index], repetition, presentLevel);
  }
}
