package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Values of four bytes, signed or not. One thread fills it. */
public final class IntColumn extends Column {

  private final Validity validity;
  private final ColumnBuffer values;
  private boolean absentIsNull;

  IntColumn(BufferSource source) {
    this.validity = new Validity(source);
    this.values = new ColumnBuffer(source);
  }

  /** What {@link #fill} adds is null instead of 0. */
  IntColumn absentIsNull() {
    absentIsNull = true;
    return this;
  }

  public void add(int value) {
    values.putInt(value);
  }

  /** Sets the value of the next row; 0, which the column has by itself, may be left to it. */
  public void set(int row, int value) {
    if (value != 0) {
      fill(row);
      add(value);
    }
  }

  public void addNull() {
    validity.addNull(rows());
    values.putInt(0);
  }

  int get(int row) {
    return values.getInt(row);
  }

  @Override
  public int rows() {
    return values.size() >> 2;
  }

  @Override
  RowCount count() {
    return new RowCount(values, 2, 0);
  }

  @Override
  void reset() {
    validity.reset();
    values.truncate(0);
  }

  @Override
  void finish(int rows) {
    fill(rows);
    validity.finish(rows);
  }

  /** Adds what is absent up to so many rows, so that the next value is of that row. */
  public void fill(int rows) {
    int missing = rows - rows();
    if (missing > 0) {
      if (absentIsNull) {
        validity.addNulls(rows(), missing);
      }
      values.putZeros(Math.multiplyExact(missing, Integer.BYTES));
    }
  }

  @Override
  void truncate(int rows) {
    if (rows < rows()) {
      validity.truncate(rows(), rows);
      values.truncate(rows * Integer.BYTES);
    }
  }

  @Override
  void append(Column other) {
    IntColumn from = (IntColumn) other;
    validity.append(rows(), from.validity, from.rows());
    values.putCopy(from.values.address(), from.values.size());
  }

  @Override
  long bytes() {
    return validity.bytes(rows()) + values.size();
  }

  @Override
  void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(rows(), validity.nulls()));
    validity.collect(buffers);
    values.collect(buffers);
  }
}
