package io.sluice.schema.rows;

/**
 * How many plain bytes rows of a batch can have at most, found without looking at them. Hex
 * doubles, numbers become at most four times as long text, the columns that are not sent have under
 * 64 bytes, and each of the under 96 vectors of a row has a byte of validity, which neighbours may
 * not share when rows are appended one by one. Promoted values are a second copy at most of
 * attributes, which do not grow. Safe for any number of threads.
 */
final class PlainSize {

  private static final int GROWTH = 4;
  private static final int DERIVED = 64 + 96;

  /** Where a value ends, and its validity. */
  private static final int PROMOTED = Integer.BYTES + 1;

  private final Source[] columns;
  private final int rows;
  private final long ownBytes;
  private final long widestRuns;
  private volatile long widestRow = -1;

  /**
   * @param columns what each row has of its own
   * @param widestRuns the bytes that the widest runs of all levels have together
   */
  PlainSize(Source[] columns, int rows, long widestRuns) {
    this.columns = columns;
    this.rows = rows;
    this.widestRuns = widestRuns;
    this.ownBytes = bytes(columns, 0, rows);
  }

  private static long bytes(Source[] columns, int from, int to) {
    long bytes = 0;
    for (Source column : columns) {
      bytes += column.bytes(from, to);
    }
    return bytes;
  }

  /** Of the runs of one level. */
  static long widest(Source struct, int runs) {
    long widest = 0;
    for (int run = 0; run < runs; run++) {
      widest = Math.max(widest, struct.bytes(run, run + 1));
    }
    return widest;
  }

  /** No {@code n} different rows of the batch have more with so many promoted columns. */
  long atMost(int n, int promoted) {
    long own = n == rows ? ownBytes : Math.min(ownBytes, n * widestRow());
    return GROWTH * own + n * (GROWTH * widestRuns + DERIVED + (long) PROMOTED * promoted);
  }

  /** Computed when first asked; by two threads at once it comes out the same. */
  private long widestRow() {
    long widest = widestRow;
    if (widest < 0) {
      widest = 0;
      for (int row = 0; row < rows; row++) {
        widest = Math.max(widest, bytes(columns, row, row + 1));
      }
      widestRow = widest;
    }
    return widest;
  }
}
