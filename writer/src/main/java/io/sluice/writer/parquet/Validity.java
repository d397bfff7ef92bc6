package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;

/** Which values of a range of a vector are null: the range's part of the validity bitmap. */
final class Validity {

  private byte[] bits = new byte[0];
  private int offset;
  private boolean noNulls;
  private boolean allNull;

  void read(FieldVector vector, int from, int to) {
    int nulls = to == from ? 0 : vector.getNullCount();
    noNulls = nulls == 0;
    allNull = !noNulls && nulls == vector.getValueCount();
    if (noNulls || allNull) {
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

  boolean hasNulls() {
    return !noNulls;
  }

  boolean isAllNull() {
    return allNull;
  }

  boolean isNull(int index) {
    if (noNulls || allNull) {
      return allNull;
    }
    int bit = offset + index;
    return (bits[bit >> 3] >> (bit & 7) & 1) == 0;
  }

  /** Where the values end, up to {@code to}, that are null or not as the one at {@code index}. */
  int runEnd(int index, int to) {
    if (noNulls || allNull) {
      return to;
    }
    boolean isNull = isNull(index);
    int end = index + 1;
    while (end < to && isNull(end) == isNull) {
      end++;
    }
    return end;
  }
}
