package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/** Values of one bit, never null. One thread fills it. */
public final class BoolColumn extends Column {

  private final Validity validity;
  private final ColumnBuffer bits;
  private int rows;

  BoolColumn(BufferSource source) {
    this.validity = new Validity(source);
    this.bits = new ColumnBuffer(source);
  }

  public void add(boolean value) {
    if ((rows & 7) == 0) {
      bits.putByte((byte) 0);
    }
    if (value) {
      long last = bits.address() + (rows >> 3);
      MemoryUtil.putByte(last, (byte) (MemoryUtil.getByte(last) | (1 << (rows & 7))));
    }
    rows++;
  }

  private boolean get(int row) {
    return ((MemoryUtil.getByte(bits.address() + (row >> 3)) >> (row & 7)) & 1) != 0;
  }

  @Override
  int rows() {
    return rows;
  }

  @Override
  RowCount count() {
    throw new IllegalStateException("cannot count rows by bits");
  }

  @Override
  void reset() {
    rows = 0;
    bits.truncate(0);
  }

  @Override
  void finish(int to) {} // it is never absent

  @Override
  void truncate(int to) {
    if (to >= rows) {
      return;
    }
    rows = to;
    bits.truncate((to + 7) >> 3);
    if ((to & 7) != 0) {
      long last = bits.address() + (to >> 3);
      MemoryUtil.putByte(last, (byte) (MemoryUtil.getByte(last) & ((1 << (to & 7)) - 1)));
    }
  }

  @Override
  void append(Column other) {
    BoolColumn from = (BoolColumn) other;
    for (int row = 0; row < from.rows; row++) {
      add(from.get(row));
    }
  }

  @Override
  long bytes() {
    return bits.size();
  }

  @Override
  void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(rows, 0));
    validity.collect(buffers);
    bits.collect(buffers);
  }
}
