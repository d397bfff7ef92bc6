package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;

/** Which values of a range of a vector are null: the range's part of the validity bitmap. */
final class Validity {

  private byte[] bits = new byte[0];
  private int offset;
  private boolean noNulls;

  void read(FieldVector vector, int from, int to) {
    noNulls = to == from || vector.getNullCount() == 0;
    if (noNulls) {
      return;
    }
    int firstByte = from >> 3;
    int length = ((to + 7) >> 3) - firstByte;
    if (bits.length < length) {
      bits = new byte[length];
    }
    vector.getValidityBuffer().getBytes(firstByte, bits, 0, length);
    offset = from & 7;
  }

  boolean isNull(int index) {
    if (noNulls) {
      return false;
    }
    int bit = offset + index;
    return (bits[bit >> 3] >> (bit & 7) & 1) == 0;
  }
}
