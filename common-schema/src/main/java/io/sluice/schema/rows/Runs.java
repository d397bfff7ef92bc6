package io.sluice.schema.rows;

import java.util.Arrays;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.complex.RunEndEncodedVector;

/** Rows in runs: run {@code i} ends before row {@code ends[i]}. Immutable. */
final class Runs {

  static final Runs NONE = new Runs(new int[0]);

  private final int[] ends;

  Runs(int[] ends) {
    this.ends = ends;
  }

  static Runs of(RunEndEncodedVector vector) {
    IntVector ends = (IntVector) vector.getRunEndsVector();
    int[] copy = new int[ends.getValueCount()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = ends.get(i);
    }
    return new Runs(copy);
  }

  int count() {
    return ends.length;
  }

  int end(int run) {
    return ends[run];
  }

  /** The run of a row. */
  int of(int row) {
    return of(row, 0);
  }

  /**
   * The run of a row.
   *
   * @param hint the run to look at first: rows that are looked up one after the other are near
   */
  int of(int row, int hint) {
    if (row < ends[hint]) {
      if (hint == 0 || row >= ends[hint - 1]) {
        return hint;
      }
    } else if (hint + 1 < ends.length && row < ends[hint + 1]) {
      return hint + 1;
    }
    int at = Arrays.binarySearch(ends, row);
    return at < 0 ? -at - 1 : at + 1;
  }

  /** Looks up {@code rows[from..to)}. */
  void of(int[] rows, int from, int to, int[] into) {
    int run = 0;
    for (int i = from; i < to; i++) {
      run = of(rows[i], run);
      into[i] = run;
    }
  }
}
