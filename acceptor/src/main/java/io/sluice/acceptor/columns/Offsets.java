package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;

/** Where each row of a column ends in what is below it, as Arrow has it: a zero, then the ends. */
final class Offsets {

  private final ColumnBuffer ends;

  Offsets(BufferSource source) {
    this.ends = new ColumnBuffer(source);
    ends.putInt(0);
  }

  int rows() {
    return (ends.size() >> 2) - 1;
  }

  RowCount count() {
    return new RowCount(ends, 2, 1);
  }

  /** The end of the last row. */
  int last() {
    return ends.lastInt();
  }

  int get(int row) {
    return ends.getInt(row);
  }

  /** The next row ends here. */
  void end(int at) {
    ends.putInt(at);
  }

  /** So many rows more, with nothing below them. */
  void addEmpty(int rows) {
    ends.putInts(last(), rows);
  }

  /** Where the ends of so many rows more have room, which {@link #advance} adds. */
  long reserve(int rows) {
    return ends.reserve(rows * Integer.BYTES);
  }

  void advance(int rows) {
    ends.advance(rows * Integer.BYTES);
  }

  void truncate(int rows) {
    ends.truncate((rows + 1) * Integer.BYTES);
  }

  /** The rows of another column, whose first byte or row comes to lie behind the last of this. */
  void append(Offsets other) {
    int base = last();
    int more = other.last();
    int rows = other.rows();
    if ((long) base + more > Integer.MAX_VALUE) {
      throw new ColumnsFullException("one column would take more than 2^31 bytes or rows");
    }
    if (rows == 1) {
      ends.putInt(base + more);
      return;
    }
    long to = ends.reserve(Math.multiplyExact(rows, Integer.BYTES));
    long from = other.ends.address() + Integer.BYTES;
    for (long at = 0; at < (long) rows * Integer.BYTES; at += Integer.BYTES) {
      MemoryUtil.putInt(to + at, base + MemoryUtil.getInt(from + at));
    }
    ends.advance(rows * Integer.BYTES);
  }

  long bytes() {
    return ends.size();
  }

  void collect(List<ArrowBuf> buffers) {
    ends.collect(buffers);
  }
}
