package io.sluice.schema.rows;

import java.util.Arrays;

/**
 * The rows that one call appends, in stretches that are of one batch, with the runs they are in,
 * level by level.
 */
final class Selection {

  private final int[][] index = new int[Level.COUNT][0];
  private final Level[] levels;
  private WireBatch[] batches = new WireBatch[16];
  private int[] ends = new int[16];
  private int stretches;
  private int rows;

  /**
   * @param levels the levels of runs that are asked for
   */
  Selection(Level... levels) {
    this.levels = levels;
  }

  /** Empties it, and makes room for {@code n} rows. */
  void clear(int n) {
    stretches = 0;
    rows = 0;
    reserve(Level.ROW, n);
    for (Level level : levels) {
      reserve(level, n);
    }
  }

  private void reserve(Level level, int n) {
    if (index[level.slot].length < n) {
      index[level.slot] = new int[n];
    }
  }

  /** Adds {@code batchRows[from..from + n)}. */
  void add(WireBatch batch, int[] batchRows, int from, int n) {
    System.arraycopy(batchRows, from, at(Level.ROW), rows, n);
    endStretch(batch, n);
  }

  /** Adds {@code n} rows that follow each other. */
  void add(WireBatch batch, int firstRow, int n) {
    for (int i = 0; i < n; i++) {
      at(Level.ROW)[rows + i] = firstRow + i;
    }
    endStretch(batch, n);
  }

  private void endStretch(WireBatch batch, int n) {
    for (Level level : levels) {
      batch.runs(level).of(at(Level.ROW), rows, rows + n, at(level));
    }
    if (stretches == ends.length) {
      ends = Arrays.copyOf(ends, 2 * stretches);
      batches = Arrays.copyOf(batches, 2 * stretches);
    }
    rows += n;
    batches[stretches] = batch;
    ends[stretches++] = rows;
  }

  void appendTo(RowColumn column) {
    int from = 0;
    for (int i = 0; i < stretches; i++) {
      column.append(batches[i], this, from, ends[i]);
      from = ends[i];
    }
  }

  int rows() {
    return rows;
  }

  /** Indexes of rows or runs; the first {@link #rows} are meant. */
  int[] at(Level level) {
    return index[level.slot];
  }
}
