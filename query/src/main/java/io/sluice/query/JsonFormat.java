package io.sluice.query;

import java.io.IOException;
import java.util.List;

/** See {@link ResultFormat#JSON}. An array without its closing bracket is a result cut short. */
final class JsonFormat implements RowFormat {

  private final Appendable out;
  private String before = "";
  private List<String> names = List.of();

  JsonFormat(Appendable out) {
    this.out = out;
  }

  @Override
  public void begin(Cells columns) throws IOException {
    names = columns.distinctNames(); // readers of JSON keep one of equal names, at best
    out.append('[');
  }

  @Override
  public void row(Cells cells, int row) throws IOException {
    StringBuilder line = new StringBuilder(before).append("\n{");
    for (int column = 0; column < cells.count(); column++) {
      line.append(column == 0 ? "" : ",");
      JsonText.quote(names.get(column), line);
      line.append(':');
      cells.json(column, row, line);
    }
    out.append(line.append('}'));
    before = ",";
  }

  @Override
  public void end(long rows) throws IOException {
    out.append("\n]\n");
  }
}
