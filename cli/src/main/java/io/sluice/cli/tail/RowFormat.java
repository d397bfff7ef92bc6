package io.sluice.cli.tail;

import io.sluice.schema.table.Table;
import java.util.List;
import org.apache.arrow.vector.FieldVector;

/** How a row looks. One thread uses it. */
public interface RowFormat {

  /** The columns that it needs of a table. */
  List<String> columns(Table table);

  /** Goes to other rows, of the table and columns that were asked for. */
  void batch(Table table, List<FieldVector> columns);

  /** Appends a row without a line's end. */
  void append(int row, StringBuilder out);
}
