package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Values of four bytes, signed or not. One thread fills it. */
public final class IntColumn extends Column {

  private final Validity validity;
  private final ColumnBuffer values;

  IntColumn(BufferSource source) {
    this.validity = new Validity(source);
    this.values = new ColumnBuffer(source);
  }

  public void add(int value) {
    if (validity.hasNulls()) {
      validity.addPresent(rows());
    }
    values.putInt(value);
  }

  public void addNull() {
    validity.addNull(rows());
    values.putInt(0);
  }

  int get(int row) {
    return values.getInt(row);
  }

  @Override
  int rows() {
    return values.size() / Integer.BYTES;
  }

  @Override
  void reset() {
    validity.reset();
    values.truncate(0);
  }

  @Override
  void truncate(int rows) {
    validity.truncate(rows(), rows);
    values.truncate(rows * Integer.BYTES);
  }

  @Override
  void append(Column other) {
    IntColumn from = (IntColumn) other;
    validity.append(rows(), from.validity, from.rows());
    values.putCopy(from.values.address(), from.values.size());
  }

  @Override
  long bytes() {
    return validity.bytes() + values.size();
  }

  @Override
  void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(rows(), validity.nulls()));
    validity.collect(buffers);
    values.collect(buffers);
  }
}
