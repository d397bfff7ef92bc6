package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Values of eight bytes: integers, signed or not, and the bits of doubles. One thread fills it. */
public final class LongColumn extends Column {

  private final Validity validity;
  private final ColumnBuffer values;
  private boolean absentIsNull;

  LongColumn(BufferSource source) {
    this.validity = new Validity(source);
    this.values = new ColumnBuffer(source);
  }

  /** What {@link #fill} adds is null instead of 0. */
  LongColumn absentIsNull() {
    absentIsNull = true;
    return this;
  }

  public void add(long value) {
    values.putLong(value);
  }

  /** Room for so many values more, all of them there, which {@link #endAt} adds. */
  public long reserve(int count) {
    return values.reserve(count * Long.BYTES);
  }

  /** What was reserved is written up to this address. */
  public void endAt(long behind) {
    values.endAt(behind);
  }

  /** Adds the values that so many heap bytes are, to a column that never has nulls. */
  public void addAll(byte[] source, int offset, int bytes) {
    BytesColumn.append(values, source, offset, bytes);
  }

  /** Sets the value of the next row; 0, which the column has by itself, may be left to it. */
  public void set(int row, long value) {
    if (value != 0) {
      fill(row);
      add(value);
    }
  }

  public void addNull() {
    validity.addNull(rows());
    values.putLong(0);
  }

  @Override
  public int rows() {
    return values.size() >> 3;
  }

  @Override
  RowCount count() {
    return new RowCount(values, 3, 0);
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
      values.putZeros(Math.multiplyExact(missing, Long.BYTES));
    }
  }

  @Override
  void truncate(int rows) {
    if (rows < rows()) {
      validity.truncate(rows(), rows);
      values.truncate(rows * Long.BYTES);
    }
  }

  @Override
  void append(Column other) {
    LongColumn from = (LongColumn) other;
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
