package io.sluice.query;

import java.io.IOException;

/** Writes rows one after the other. Used by one thread. */
interface RowFormat {

  /** Called once, before any row, with the columns. */
  void begin(Cells columns) throws IOException;

  void row(Cells cells, int row) throws IOException;

  /** Called once, after the last row. */
  void end(long rows) throws IOException;
}
