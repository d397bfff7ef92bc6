package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Rows of lists, or of maps (lists of key and value). One thread fills it. */
public final class ListColumn extends Column {

  private final Validity validity;
  private final Offsets offsets;
  private final Column elements;
  private final RowCount counted;
  private boolean absentIsNull;

  ListColumn(BufferSource source, Column elements) {
    this.validity = new Validity(source);
    this.offsets = new Offsets(source);
    this.elements = elements;
    this.counted = elements.count();
  }

  /** What {@link #fill} adds is null instead of empty. */
  ListColumn absentIsNull() {
    absentIsNull = true;
    return this;
  }

  /** What was added to the elements since the last row is the next. */
  public void endRow() {
    offsets.end(counted.get());
  }

  /** The same for that row; one without elements may be left to the column itself. */
  public void endRow(int row) {
    if (counted.get() > offsets.last()) {
      fill(row);
      endRow();
    }
  }

  /** The next row has no list; nothing was added to the elements for it. */
  public void addNull() {
    validity.addNull(rows());
    offsets.end(counted.get());
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
  RowCount count() {
    return offsets.count();
  }

  @Override
  void reset() {
    validity.reset();
    offsets.truncate(0);
    elements.reset();
  }

  /** Adds what is absent up to so many rows, so that the next list is of that row. */
  public void fill(int rows) {
    int missing = rows - rows();
    if (missing > 0) {
      if (absentIsNull) {
        validity.addNulls(rows(), missing);
      }
      offsets.addEmpty(missing);
    }
  }

  @Override
  void finish(int rows) {
    fill(rows);
    validity.finish(rows);
    elements.finish(counted.get());
  }

  @Override
  void truncate(int rows) {
    if (rows < rows()) {
      validity.truncate(rows(), rows);
      offsets.truncate(rows);
    }
    elements.truncate(offsets.last());
  }

  @Override
  void append(Column other) {
    ListColumn from = (ListColumn) other;
    if (from.rows() == 0) { // as mostly below lists, of which many runs have none
      return;
    }
    validity.append(rows(), from.validity, from.rows());
    offsets.append(from.offsets);
    elements.append(from.elements);
  }

  @Override
  long bytes() {
    return validity.bytes(rows()) + offsets.bytes() + elements.bytes();
  }

  @Override
  void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(rows(), validity.nulls()));
    validity.collect(buffers);
    offsets.collect(buffers);
    elements.collect(nodes, buffers);
  }
}
