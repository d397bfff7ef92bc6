package io.sluice.query;

import java.util.List;
import org.apache.arrow.vector.FieldVector;

/** A row of a table of ours as a JSON object in one line, as {@link ResultFormat#JSON} has it. */
public final class RowJson {

  /**
   * Appends it, without a line's end.
   *
   * @param table which is said first
   */
  public static void append(
      String table, List<? extends FieldVector> columns, int row, StringBuilder out) {
    out.append("{\"table\":");
    JsonText.quote(table, out);
    for (FieldVector column : columns) {
      out.append(',');
      JsonText.quote(column.getName(), out);
      out.append(':');
      CellText.JSON.append(column, row, out);
    }
    out.append('}');
  }

  private RowJson() {}
}
