package io.sluice.schema.rows;

/** One column of the plain root. Owned by its expander's thread. */
interface RowColumn {

  Growing out();

  /** Appends the selected rows {@code from..to}, which are of this batch. */
  void append(WireBatch batch, Selection rows, int from, int to);

  /** Plain bytes of the rows {@code from..to}, not less than {@link #append} would add. */
  long bytes(WireBatch batch, int from, int to);
}
