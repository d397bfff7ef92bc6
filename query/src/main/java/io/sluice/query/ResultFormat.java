package io.sluice.query;

import java.io.IOException;

/** How a result is written. All forms are written as rows come; none holds a whole result. */
public enum ResultFormat {
  /** For people: aligned columns, times as ISO 8601, maps and lists as JSON. */
  TABLE,
  /** An array of objects, a line each; binary is base64, NaN and infinities are strings. */
  JSON,
  /** RFC 4180 with a header and line feeds; null is nothing, an empty string is {@code ""}. */
  CSV;

  /**
   * Writes the whole result.
   *
   * @return how many rows
   * @throws ReadException a Writer failed on the way: what is written is not whole
   */
  public long write(SqlResult result, Appendable out)
      throws IOException, SqlException, ReadException {
    if (this == TABLE && result.isPlan()) {
      return plan(result, out);
    }
    RowFormat format =
        switch (this) {
          case TABLE -> new TableFormat(out);
          case JSON -> new JsonFormat(out);
          case CSV -> new CsvFormat(out);
        };
    Cells cells = new Cells(result);
    format.begin(cells);
    long rows = 0;
    while (result.next()) {
      cells = new Cells(result);
      for (int row = 0; row < result.rowCount(); row++) {
        format.row(cells, row);
      }
      rows += result.rowCount();
    }
    format.end(rows);
    return rows;
  }

  /** The plan's text is drawn with lines of its own. */
  private static long plan(SqlResult result, Appendable out)
      throws IOException, SqlException, ReadException {
    long rows = 0;
    while (result.next()) {
      Cells cells = new Cells(result);
      for (int row = 0; row < result.rowCount(); row++) {
        out.append(cells.text(cells.count() - 1, row)).append('\n');
        rows++;
      }
    }
    return rows;
  }
}
