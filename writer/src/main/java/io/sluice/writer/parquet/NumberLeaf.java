package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** Integers of 32 and 64 bits, and times. */
final class NumberLeaf extends Leaf {

  private final boolean narrow;
  private long[] values = new long[0];

  NumberLeaf(ColumnDescriptor column, int parentLevel, boolean optional) {
    super(column, parentLevel, optional);
    this.narrow = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT32;
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    values =
        narrow
            ? Buffers.widened(vector.getDataBuffer(), from, to - from, values)
            : Buffers.longs(vector.getDataBuffer(), from, to - from, values);
  }

  @Override
  void addValues(ColumnChunk out, int from, int to) {
    ((FixedValues) out.values()).add(values, from, to, out.statistics());
  }
}
