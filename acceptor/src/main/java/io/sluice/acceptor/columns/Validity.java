package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * Which values of a column are there, one bit each, least significant first. The bits are kept only
 * from the first null on: a column without nulls has an empty buffer.
 */
final class Validity {

  private final ColumnBuffer bits;
  private int nulls;

  Validity(BufferSource source) {
    this.bits = new ColumnBuffer(source);
  }

  boolean hasNulls() {
    return nulls > 0;
  }

  int nulls() {
    return nulls;
  }

  boolean isNull(int row) {
    return nulls > 0 && ((MemoryUtil.getByte(bits.address() + (row >> 3)) >> (row & 7)) & 1) == 0;
  }

  /** The value of the next row is there; need not be said as long as there are no nulls. */
  void addPresent(int row) {
    addBit(row, 1);
  }

  /** The next row has none. */
  void addNull(int row) {
    if (nulls == 0) {
      addOnes(row);
    }
    nulls++;
    addBit(row, 0);
  }

  /** The first rows of another column, after so many of this. */
  void append(int rows, Validity other, int otherRows) {
    if (other.nulls == 0) {
      for (int i = 0; nulls > 0 && i < otherRows; i++) {
        addBit(rows + i, 1);
      }
      return;
    }
    if (nulls == 0) {
      addOnes(rows);
    }
    for (int i = 0; i < otherRows; i++) {
      addBit(rows + i, other.isNull(i) ? 0 : 1);
    }
    nulls += other.nulls;
  }

  void truncate(int rows, int to) {
    if (nulls == 0) {
      return;
    }
    for (int row = to; row < rows; row++) {
      nulls -= isNull(row) ? 1 : 0;
      if (nulls == 0) {
        break;
      }
    }
    if (nulls == 0) {
      bits.truncate(0);
      return;
    }
    bits.truncate((to + 7) >> 3);
    if ((to & 7) != 0) {
      long last = bits.address() + (to >> 3);
      MemoryUtil.putByte(last, (byte) (MemoryUtil.getByte(last) & ((1 << (to & 7)) - 1)));
    }
  }

  void reset() {
    nulls = 0;
    bits.truncate(0);
  }

  long bytes() {
    return bits.size();
  }

  void collect(List<ArrowBuf> buffers) {
    if (nulls > 0) {
      bits.collect(buffers);
    } else {
      bits.collectEmpty(buffers);
    }
  }

  private void addBit(int row, int bit) {
    if ((row & 7) == 0) {
      bits.putByte((byte) bit);
    } else {
      long last = bits.address() + (row >> 3);
      MemoryUtil.putByte(last, (byte) (MemoryUtil.getByte(last) | (bit << (row & 7))));
    }
  }

  private void addOnes(int rows) {
    int bytes = (rows + 7) >> 3;
    MemoryUtil.setMemory(bits.reserve(bytes), bytes, (byte) 0xff);
    bits.advance(bytes);
    if ((rows & 7) != 0) {
      MemoryUtil.putByte(bits.address() + (rows >> 3), (byte) ((1 << (rows & 7)) - 1));
    }
  }
}
