package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Rows of lists, or of maps (lists of key and value). One thread fills it. */
public final class ListColumn extends Column {

  private final Validity validity;
  private final Offsets offsets;
  private final Column elements;
  private final Column counted;

  ListColumn(BufferSource source, Column elements) {
    this.validity = new Validity(source);
    this.offsets = new Offsets(source);
    this.elements = elements;
    this.counted = elements.first();
  }

  /** What was added to the elements since the last row is the next. */
  public void endRow() {
    if (validity.hasNulls()) {
      validity.addPresent(rows());
    }
    offsets.end(counted.rows());
  }

  /** The next row has no list; nothing was added to the elements for it. */
  public void addNull() {
    validity.addNull(rows());
    offsets.end(counted.rows());
  }

  /** Index of the next row's first element. */
  int start() {
    return offsets.last();
  }

  /** Drops the elements added since the last row. */
  public void dropElements() {
    elements.truncate(offsets.last());
  }

  StructColumn structs() {
    return (StructColumn) elements;
  }

  BytesColumn strings() {
    return (BytesColumn) elements;
  }

  LongColumn longs() {
    return (LongColumn) elements;
  }

  @Override
  int rows() {
    return offsets.rows();
  }

  @Override
  void reset() {
    validity.reset();
    offsets.truncate(0);
    elements.reset();
  }

  @Override
  void truncate(int rows) {
    validity.truncate(rows(), rows);
    offsets.truncate(rows);
    elements.truncate(offsets.last());
  }

  @Override
  void append(Column other) {
    ListColumn from = (ListColumn) other;
    validity.append(rows(), from.validity, from.rows());
    offsets.append(from.offsets);
    elements.append(from.elements);
  }

  @Override
  long bytes() {
    return validity.bytes() + offsets.bytes() + elements.bytes();
  }

  @Override
  void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(rows(), validity.nulls()));
    validity.collect(buffers);
    offsets.collect(buffers);
    elements.collect(nodes, buffers);
  }
}
