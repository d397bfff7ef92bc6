package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;

/** 32-bit integers. */
final class IntLeaf extends Leaf {

  private int[] values = new int[0];

  IntLeaf(ColumnDescriptor column, int parentLevel, boolean optional) {
    super(column, parentLevel, optional);
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    values = Buffers.ints(vector.getDataBuffer(), from, to - from, values);
  }

  @Override
  void writeValue(int index, int repetition) {
    writer().write(values[index], repetition, presentLevel);
  }
}
