package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.io.api.Binary;

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
  void writeValue(int index, int repetition) {
    int begin = offsets[index];
    // Reused: the next window overwrites the bytes, so Parquet has to copy what it keeps.
    Binary value = Binary.fromReusedByteArray(bytes, begin - start, offsets[index + 1] - begin);
    writer().write(value, repetition, presentLevel);
  }
}
