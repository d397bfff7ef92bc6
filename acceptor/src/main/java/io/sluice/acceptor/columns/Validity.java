package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Which values of a column are there, one bit each, least significant first. Only nulls are
 * written: bits are ones until then, also those that the buffer does not have yet, so that a value
 * that is there costs nothing. A column without nulls has an empty buffer.
 */
final class Validity {

  private static final byte ONES = (byte) 0xff;

  private final ColumnBuffer bits;
  private int nulls;

  Validity(BufferSource source) {
    this.bits = new ColumnBuffer(source);
  }

  int nulls() {
    return nulls;
  }

  boolean isNull(int row) {
    return row >> 3 < bits.size() && ((byteOf(row) >> (row & 7)) & 1) == 0;
  }

  /** The value of this row, behind all nulls so far, is not there. */
  void addNull(int row) {
    nulls++;
    reach(row + 1);
    putByteOf(row, byteOf(row) & ~(1 << (row & 7)));
  }

  /** The values of so many rows from this on, behind all nulls so far, are not there. */
  void addNulls(int row, int count) {
    int at = row;
    int end = row + count;
    for (; at < end && (at & 7) != 0; at++) {
      addNull(at);
    }
    int bytes = (end - at) >> 3;
    if (bytes > 0) {
      reach(at);
      bits.putZeros(bytes);
      nulls += bytes << 3;
      at += bytes << 3;
    }
    for (; at < end; at++) {
      addNull(at);
    }
  }

  /** The first rows of another column, after so many of this. */
  void append(int rows, Validity other, int otherRows) {
    openEnd(rows);
    if (other.nulls > 0) {
      for (int i = 0; i < otherRows; i++) {
        if (other.isNull(i)) {
          addNull(rows + i);
        }
      }
    }
  }

  void truncate(int rows, int to) {
    for (int row = to; row < rows && nulls > 0; row++) {
      nulls -= isNull(row) ? 1 : 0;
    }
    if (nulls == 0) {
      bits.truncate(0);
    } else {
      bits.truncate(Math.min(bits.size(), (to + 7) >> 3));
      openEnd(to);
    }
  }

  void reset() {
    nulls = 0;
    bits.truncate(0);
  }

  /**
   * So many rows are all: their bits are written, and zeros behind the last one. More rows may only
   * come by {@link #append}.
   */
  void finish(int rows) {
    if (nulls > 0) {
      reach(rows);
      if ((rows & 7) != 0) {
        putByteOf(rows, byteOf(rows) & ((1 << (rows & 7)) - 1));
      }
    }
  }

  /** Bytes of the buffer of so many rows. */
  long bytes(int rows) {
    return nulls == 0 ? 0 : (rows + 7) >> 3;
  }

  /** Adds the buffer, which is finished. */
  void collect(List<ArrowBuf> buffers) {
    if (nulls > 0) {
      bits.collect(buffers);
    } else {
      bits.collectEmpty(buffers);
    }
  }

  /** Makes ones again of the bits behind so many rows, in the byte that has some of theirs. */
  private void openEnd(int rows) {
    if ((rows & 7) != 0 && rows >> 3 < bits.size()) {
      putByteOf(rows, byteOf(rows) | ONES << (rows & 7));
    }
  }

  /** Has the bits of so many rows in the buffer. */
  private void reach(int rows) {
    int missing = ((rows + 7) >> 3) - bits.size();
    if (missing > 0) {
      MemoryUtil.setMemory(bits.reserve(missing), missing, ONES);
      bits.advance(missing);
    }
  }

  private int byteOf(int row) {
    return MemoryUtil.getByte(bits.address() + (row >> 3));
  }

  private void putByteOf(int row, int value) {
    MemoryUtil.putByte(bits.address() + (row >> 3), (byte) value);
  }
}
