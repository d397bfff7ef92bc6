package io.sluice.schema.rows;

/**
 * Expands one kind of wire column into its plain form. Values are named by their index among the
 * parent's: rows, runs, or elements of a list. Owned by its expander's thread.
 */
interface WireColumn {

  Growing out();

  /**
   * Appends the values at {@code index[from..to)}.
   *
   * @param parent the struct, root or list that the column is a child of
   */
  void append(Source parent, int[] index, int from, int to);

  /** Plain bytes of the values {@code from..to}, not less than {@link #append} would add. */
  long bytes(Source parent, int from, int to);

  /** Plain bytes of {@code n} values of that many bytes each, with their validity. */
  static long fixedBytes(int n, int width) {
    return (long) n * width + (n + 7) / 8;
  }
}
