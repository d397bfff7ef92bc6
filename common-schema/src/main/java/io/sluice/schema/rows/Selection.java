package io.sluice.schema.rows;

/** The rows of one batch that one call appends, and the runs they are in, level by level. */
final class Selection {

  private final int[][] index = new int[Level.COUNT][0];
  private final Level[] runs;
  private int count;

  /**
   * @param runs the levels of runs that are asked for
   */
  Selection(Level[] runs) {
    this.runs = runs;
  }

  /** Takes {@code rows[from..from + n)}. */
  void of(WireBatch batch, int[] rows, int from, int n) {
    System.arraycopy(rows, from, room(Level.ROW, n), 0, n);
    lookUpRuns(batch, n);
  }

  /** Takes {@code n} rows that follow each other. */
  void of(WireBatch batch, int firstRow, int n) {
    int[] rows = room(Level.ROW, n);
    for (int i = 0; i < n; i++) {
      rows[i] = firstRow + i;
    }
    lookUpRuns(batch, n);
  }

  private void lookUpRuns(WireBatch batch, int n) {
    count = n;
    for (Level level : runs) {
      batch.runs(level).of(at(Level.ROW), n, room(level, n));
    }
  }

  private int[] room(Level level, int n) {
    if (index[level.slot].length < n) {
      index[level.slot] = new int[n];
    }
    return index[level.slot];
  }

  int count() {
    return count;
  }

  /** Indexes of rows or runs; the first {@link #count} are meant. */
  int[] at(Level level) {
    return index[level.slot];
  }
}
