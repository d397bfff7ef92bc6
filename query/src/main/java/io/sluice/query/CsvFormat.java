package io.sluice.query;

import java.io.IOException;

/** See {@link ResultFormat#CSV}. */
final class CsvFormat implements RowFormat {

  private final Appendable out;

  CsvFormat(Appendable out) {
    this.out = out;
  }

  @Override
  public void begin(Cells columns) throws IOException {
    for (int column = 0; column < columns.count(); column++) {
      field(column, columns.name(column));
    }
    out.append('\n');
  }

  @Override
  public void row(Cells cells, int row) throws IOException {
    for (int column = 0; column < cells.count(); column++) {
      if (cells.isNull(column, row)) {
        out.append(column == 0 ? "" : ",");
      } else {
        field(column, cells.text(column, row));
      }
    }
    out.append('\n');
  }

  @Override
  public void end(long rows) {}

  private void field(int column, String text) throws IOException {
    out.append(column == 0 ? "" : ",");
    boolean quoted = text.isEmpty() || text.chars().anyMatch(c -> "\",\n\r".indexOf(c) >= 0);
    out.append(quoted ? '"' + text.replace("\"", "\"\"") + '"' : text);
  }
}
