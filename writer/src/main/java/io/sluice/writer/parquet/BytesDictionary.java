package io.sluice.writer.parquet;

import java.util.Arrays;

/** Numbers for strings, in the order of their first appearance, and the dictionary's page. */
final class BytesDictionary {

  private static final int NONE = -1;

  /** The page: each value behind its length. */
  private final ByteSink page = new ByteSink();

  /** Where each value begins, behind its length, and one more. */
  private int[] starts = new int[16];

  /** Which value came after each the last time it came: most often it does so again. */
  private int[] after = new int[16];

  /** The hash of a value above its number plus one; 0 = free. At most half full. */
  private long[] table = new long[32];

  private int size;
  private int last = NONE;

  BytesDictionary() {
    starts[0] = Integer.BYTES;
  }

  int size() {
    return size;
  }

  ByteSink page() {
    return page;
  }

  int start(int id) {
    return starts[id];
  }

  int length(int id) {
    return starts[id + 1] - starts[id] - Integer.BYTES;
  }

  int idOf(byte[] bytes, int offset, int length) {
    int before = last;
    if (before != NONE) {
      int guess = after[before];
      if (is(guess, bytes, offset, length)) {
        last = guess;
        return guess;
      }
    }
    int id = find(bytes, offset, length);
    if (before != NONE) {
      after[before] = id;
    }
    last = id;
    return id;
  }

  private boolean is(int id, byte[] bytes, int offset, int length) {
    int start = starts[id];
    int end = starts[id + 1] - Integer.BYTES;
    return end - start == length
        && Arrays.equals(page.array(), start, end, bytes, offset, offset + length);
  }

  private int find(byte[] bytes, int offset, int length) {
    int hash = Hashing.of(bytes, offset, length);
    int mask = table.length - 1;
    int at = hash & mask;
    while (table[at] != 0) {
      long entry = table[at];
      int id = (int) entry - 1;
      if ((int) (entry >>> Integer.SIZE) == hash && is(id, bytes, offset, length)) {
        return id;
      }
      at = (at + 1) & mask;
    }
    table[at] = ((long) hash << Integer.SIZE) | (size + 1);
    return add(bytes, offset, length);
  }

  private int add(byte[] bytes, int offset, int length) {
    int id = size++;
    if (size == after.length) {
      starts = Arrays.copyOf(starts, 2 * size);
      after = Arrays.copyOf(after, 2 * size);
    }
    page.putSized(bytes, offset, length);
    starts[size] = page.size() + Integer.BYTES;
    if (2 * size > table.length) {
      rehash();
    }
    return id;
  }

  private void rehash() {
    long[] larger = new long[4 * table.length];
    int mask = larger.length - 1;
    for (long entry : table) {
      if (entry != 0) {
        int at = (int) (entry >>> Integer.SIZE) & mask;
        while (larger[at] != 0) {
          at = (at + 1) & mask;
        }
        larger[at] = entry;
      }
    }
    table = larger;
  }
}
