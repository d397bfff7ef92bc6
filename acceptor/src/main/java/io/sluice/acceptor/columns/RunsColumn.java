package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;
import org.apache.arrow.vector.types.pojo.Field;

/**
 * Values that stand once for each run of rows that share them. A value is added to {@link #values},
 * then its rows elsewhere, then its run is ended. One thread fills it.
 */
public final class RunsColumn extends Column {

  private final IntColumn ends;
  private final StructColumn values;
  private boolean open;

  RunsColumn(BufferSource source, Field field) {
    this.ends = new IntColumn(source);
    this.values = new StructColumn(source, field.getChildren().get(1));
  }

  StructColumn values() {
    return values;
  }

  /** Begins a run whose value is going to be added to {@link #values}. */
  void begin() {
    open = true;
  }

  /** Begins a run with the one value of another column. */
  public void begin(StructColumn value) {
    values.append(value);
    open = true;
  }

  /**
   * Ends the run at this row, not included; its value is dropped if it has no row.
   *
   * @return false if it was dropped
   */
  public boolean end(int row) {
    open = false;
    if (row > rows()) {
      ends.add(row);
      return true;
    }
    values.truncate(ends.rows());
    return false;
  }

  /** True while a value waits for the end of its run. */
  public boolean open() {
    return open;
  }

  @Override
  int rows() {
    int runs = ends.rows();
    return runs == 0 ? 0 : ends.get(runs - 1);
  }

  @Override
  void reset() {
    open = false;
    ends.reset();
    values.reset();
  }

  /** Drops the value that waits, whole or half written. */
  void drop() {
    open = false;
    values.truncate(ends.rows());
  }

  @Override
  RowCount count() {
    throw new IllegalStateException("cannot count rows by runs");
  }

  /** Runs cover all rows that are whole; it is their values that may lack something. */
  @Override
  void finish(int rows) {
    values.finish(ends.rows());
  }

  /** Cutting records leaves the run open that they belong to; ended runs are never cut. */
  @Override
  void truncate(int rows) {}

  @Override
  void append(Column other) {
    RunsColumn from = (RunsColumn) other;
    int base = rows();
    for (int run = 0; run < from.ends.rows(); run++) {
      ends.add(base + from.ends.get(run));
    }
    values.append(from.values);
  }

  @Override
  long bytes() {
    return ends.bytes() + values.bytes();
  }

  @Override
  void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(rows(), 0));
    ends.collect(nodes, buffers);
    values.collect(nodes, buffers);
  }
}
