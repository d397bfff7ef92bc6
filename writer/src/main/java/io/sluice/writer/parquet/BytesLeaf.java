package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;

/** Strings and binary. */
final class BytesLeaf extends Leaf {

  private int[] offsets = new int[0];
  private byte[] bytes = new byte[0];

  /** Offset in the vector of the first of our bytes. */
  private int start;

  BytesLeaf(ColumnDescriptor column, int parentLevel, boolean optional) {
    super(column, parentLevel, optional);
  }

  @Override
  void load(FieldVector vector, int from, int to) {
    if (from == to) {
      return;
    }
    int count = to - from;
    offsets = Buffers.ints(vector.getOffsetBuffer(), from, count + 1, offsets);
    start = offsets[0];
    bytes = Buffers.bytes(vector.getDataBuffer(), start, offsets[count] - start, bytes);
  }

  @Override
  void addValues(ColumnChunk out, int from, int to) {
    ((BytesValues) out.values()).add(bytes, offsets, start, from, to);
  }
}
