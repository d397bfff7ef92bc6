package io.sluice.schema.rows;

/** One column of the plain root. Owned by its expander's thread. */
interface RowColumn {

  Growing out();

  void append(WireBatch batch, Selection rows);

  /** Plain bytes of the rows {@code from..to}, not less than {@link #append} would add. */
  long bytes(WireBatch batch, int from, int to);
}
