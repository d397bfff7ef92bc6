package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;

/** Booleans, a bit each. */
final class BooleanLeaf extends Leaf {

  private byte[] bits = new byte[0];
  private int offset;

  BooleanLeaf(ColumnDescriptor column, int parentLevel, boolean optional) {
    super(column, parentLevel, optional);
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    int firstByte = from >> 3;
    bits = Buffers.bytes(vector.getDataBuffer(), firstByte, ((to + 7) >> 3) - firstByte, bits);
    offset = from & 7;
  }

  @Override
  void addValues(ColumnChunk out, int from, int to) {
    BooleanValues values = (BooleanValues) out.values();
    for (int i = from; i < to; i++) {
      int bit = offset + i;
      values.add((bits[bit >> 3] >> (bit & 7) & 1) == 1);
    }
  }
}
