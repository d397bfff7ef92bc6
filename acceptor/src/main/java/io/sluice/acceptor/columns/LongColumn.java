package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Values of eight bytes: integers, signed or not, and the bits of doubles. One thread fills it. */
public final class LongColumn extends Column {

  private final Validity validity;
  private final ColumnBuffer values;

  LongColumn(BufferSource source) {
    this.validity = new Validity(source);
    this.values = new ColumnBuffer(source);
  }

  public void add(long value) {
    if (validity.hasNulls()) {
      validity.addPresent(rows());
    }
    values.putLong(value);
  }

  /** Adds the values that so many heap bytes are, to a column that never has nulls. */
  public void addAll(byte[] source, int offset, int bytes) {
    BytesColumn.append(values, source, offset, bytes);
  }

  public void addNull() {
    validity.addNull(rows());
    values.putLong(0);
  }

  @Override
  int rows() {
    return values.size() / Long.BYTES;
  }

  @Override
  void reset() {
    validity.reset();
    values.truncate(0);
  }

  @Override
  void truncate(int rows) {
    validity.truncate(rows(), rows);
    values.truncate(rows * Long.BYTES);
  }

  @Override
  void append(Column other) {
    LongColumn from = (LongColumn) other;
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
