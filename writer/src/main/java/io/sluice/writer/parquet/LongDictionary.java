package io.sluice.writer.parquet;

import java.util.Arrays;

/** Numbers for fixed-width values, by their bits, in the order of their first appearance. */
final class LongDictionary {

  private long[] values = new long[16];

  /** Number of a value plus one; 0 = free. Less than half full. */
  private int[] table = new int[32];

  private int size;
  private int last;

  int size() {
    return size;
  }

  long[] values() {
    return values;
  }

  long value(int id) {
    return values[id];
  }

  int idOf(long value) {
    if (size > 0 && values[last] == value) {
      return last;
    }
    int mask = table.length - 1;
    int at = Hashing.of(value) & mask;
    while (table[at] != 0) {
      int id = table[at] - 1;
      if (values[id] == value) {
        last = id;
        return id;
      }
      at = (at + 1) & mask;
    }
    last = size++;
    table[at] = size;
    values[last] = value;
    if (2 * size >= table.length) {
      grow();
    }
    return last;
  }

  private void grow() {
    values = Arrays.copyOf(values, 2 * values.length);
    int[] larger = new int[2 * table.length];
    int mask = larger.length - 1;
    for (int id = 0; id < size; id++) {
      int at = Hashing.of(values[id]) & mask;
      while (larger[at] != 0) {
        at = (at + 1) & mask;
      }
      larger[at] = id + 1;
    }
    table = larger;
  }
}
