package io.sluice.cli.tail;

import io.sluice.cli.show.RecordRow;
import io.sluice.query.Follower;
import io.sluice.query.ReadException;
import io.sluice.schema.table.Table;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;

/** Writes the rows of a table that are wanted, as they come. Any thread may use it. */
public final class Tail implements Follower {

  private final Table table;
  private final RowFilter filter;
  private final Supplier<RowFormat> formats;
  private final Output output;
  private final Consumer<String> errors;
  private final Consumer<ReadException> end;

  /**
   * @param formats makes one for whoever needs it
   * @param errors takes sentences about what is away or left out
   * @param end takes why a log will not be read any more
   */
  public Tail(
      Table table,
      RowFilter filter,
      Supplier<RowFormat> formats,
      Output output,
      Consumer<String> errors,
      Consumer<ReadException> end) {
    this.table = table;
    this.filter = filter;
    this.formats = formats;
    this.output = output;
    this.errors = errors;
    this.end = end;
  }

  /** Those of the table that it looks at. */
  public List<String> columns() {
    Set<String> columns = new LinkedHashSet<>(formats.get().columns(table));
    columns.addAll(filter.columns());
    return List.copyOf(columns);
  }

  @Override
  public void rows(VectorSchemaRoot rows, int first) {
    write(rows.getFieldVectors(), first, rows.getRowCount());
  }

  /** Writes rows from {@code first} on, before {@code to}. */
  public void write(List<FieldVector> columns, int first, int to) {
    RecordRow row = new RecordRow(columns);
    RowFormat format = formats.get();
    format.batch(table, columns);
    StringBuilder lines = new StringBuilder();
    for (int at = first; at < to; at++) {
      if (filter.takes(table, row.at(at))) {
        format.append(at, lines);
        lines.append('\n');
      }
      if (lines.length() > Output.BATCH_CHARS) {
        output.write(lines);
        lines.setLength(0);
      }
    }
    if (lines.length() > 0) {
      output.write(lines);
    }
  }

  @Override
  public void lost(int log, ReadException why) {
    errors.accept(
        "reading log %d of %s broke off, and is tried again: %s"
            .formatted(log, table, why.getMessage()));
  }

  @Override
  public void back(int log) {
    errors.accept("log %d of %s is back".formatted(log, table));
  }

  @Override
  public void leftOut(int log, String what) {
    errors.accept("left out: " + what + " (sluice sql shows them)");
  }

  @Override
  public void failed(ReadException why) {
    end.accept(why);
  }
}
