package io.sluice.writer.buffer;

import java.util.Arrays;

/**
 * Batches of one table that do not count, as they are repeats: the position of their record, and
 * their ordinal in it. With it, rows that are in the log only are read back without a window. The
 * apply thread adds, in log order; whoever reads back asks. Guarded by its monitor.
 */
public final class Voids {

  private long[] positions = {};
  private int[] ordinals = {};
  private int size;

  /** In log order: above all that is in it. */
  synchronized void add(long position, int ordinal) {
    if (size == positions.length) {
      int capacity = Math.max(16, size * 2);
      positions = Arrays.copyOf(positions, capacity);
      ordinals = Arrays.copyOf(ordinals, capacity);
    }
    positions[size] = position;
    ordinals[size++] = ordinal;
  }

  /** A copy of those above the position. */
  synchronized Voids above(long position) {
    Voids rest = new Voids();
    for (int i = 0; i < size; i++) {
      if (positions[i] > position) {
        rest.add(positions[i], ordinals[i]);
      }
    }
    return rest;
  }

  public synchronized boolean contains(long position, int ordinal) {
    int low = 0;
    int high = size - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = Long.compare(positions[middle], position);
      if (order == 0) {
        order = Integer.compare(ordinals[middle], ordinal);
      }
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return false;
  }
}
