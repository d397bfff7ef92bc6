package io.sluice.writer.parquet;

import org.apache.arrow.vector.FieldVector;

/** Where the elements of each list (or map) of a range of a vector are in its child. */
final class ListRanges {

  private int[] offsets = new int[1];
  private int count;

  void read(FieldVector vector, int from, int to) {
    count = to - from;
    if (count == 0) {
      offsets[0] = 0;
    } else {
      offsets = Buffers.ints(vector.getOffsetBuffer(), from, count + 1, offsets);
    }
  }

  /** The child's first element that belongs to the range. */
  int first() {
    return offsets[0];
  }

  /** One past the child's last element that belongs to the range. */
  int last() {
    return offsets[count];
  }

  boolean isEmpty() {
    return first() == last();
  }

  /** Counted from {@link #first}. */
  int begin(int index) {
    return offsets[index] - offsets[0];
  }
}
