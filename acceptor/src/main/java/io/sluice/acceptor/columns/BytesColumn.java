package io.sluice.acceptor.columns;

import io.sluice.schema.text.Utf8Text;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * Values of any length: strings (always UTF-8) and bytes. A value is added whole, or written piece
 * by piece to {@link #data} and then ended. One thread fills it.
 */
public final class BytesColumn extends Column {

  private final Validity validity;
  private final Offsets offsets;
  private final ColumnBuffer data;
  private boolean absentIsNull;

  BytesColumn(BufferSource source) {
    this.validity = new Validity(source);
    this.offsets = new Offsets(source);
    this.data = new ColumnBuffer(source);
  }

  /** What {@link #fill} adds is null instead of empty. */
  BytesColumn absentIsNull() {
    absentIsNull = true;
    return this;
  }

  /** Adds bytes as they are. */
  public void add(byte[] source, int offset, int length) {
    append(data, source, offset, length);
    endValue();
  }

  /**
   * Adds a string.
   *
   * @return false if it was not UTF-8: the column then has U+FFFD where it was not
   */
  public boolean addText(byte[] source, int offset, int length) {
    boolean valid = appendText(source, offset, length);
    endValue();
    return valid;
  }

  /** Writes a string behind what the value has so far; see {@link #addText}. */
  public boolean appendText(byte[] source, int offset, int length) {
    long to = data.reserve(length);
    if (Utf8Text.copy(source, offset, length, to)) {
      data.advance(length);
      return true;
    }
    long room = 3L * length;
    if (room > Integer.MAX_VALUE) {
      throw new ColumnsFullException("a repaired string would take " + room + " bytes");
    }
    data.advance(Utf8Text.repair(source, offset, length, data.reserve((int) room)));
    return false;
  }

  public void addNull() {
    validity.addNull(rows());
    offsets.end(data.size());
  }

  /** The bytes of all values; those behind the last value's end are the value being written. */
  public ColumnBuffer data() {
    return data;
  }

  /** What was written to {@link #data} since the last value is the next. */
  public void endValue() {
    offsets.end(data.size());
  }

  /** Room for the ends of so many values in {@link #data}, which {@link #ended} adds. */
  public long reserveEnds(int count) {
    return offsets.reserve(count);
  }

  /** So many values more were written to {@link #data}, and their ends. */
  void ended(int count) {
    offsets.advance(count);
  }

  /** Where the next value begins in {@link #data}. */
  public int start() {
    return offsets.last();
  }

  int start(int row) {
    return offsets.get(row);
  }

  /** Adds one value of another column. */
  void addFrom(BytesColumn other, int row) {
    if (other.validity.isNull(row)) {
      addNull();
      return;
    }
    int start = other.start(row);
    data.putCopy(other.data.address() + start, other.start(row + 1) - start);
    endValue();
  }

  /** Copies heap bytes behind what the buffer has. */
  public static void append(ColumnBuffer to, byte[] source, int offset, int length) {
    long address = to.reserve(length);
    if (length == 16) { // a trace's id
      MemoryUtil.putLong(address, MemoryUtil.getLong(source, offset));
      MemoryUtil.putLong(address + 8, MemoryUtil.getLong(source, offset + 8));
    } else if (length == 8) { // a span's
      MemoryUtil.putLong(address, MemoryUtil.getLong(source, offset));
    } else if (length <= ColumnBuffer.COPY_BY_WORD && offset + length + 7 <= source.length) {
      for (int i = 0; i < length; i += 8) {
        MemoryUtil.putLong(address + i, MemoryUtil.getLong(source, offset + i));
      }
    } else {
      MemoryUtil.copyToMemory(source, offset, address, length);
    }
    to.advance(length);
  }

  @Override
  public int rows() {
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
    data.truncate(0);
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
      offsets.addEmpty(missing);
    }
  }

  @Override
  void truncate(int rows) {
    if (rows < rows()) {
      validity.truncate(rows(), rows);
      offsets.truncate(rows);
    }
    data.truncate(offsets.last());
  }

  @Override
  void append(Column other) {
    BytesColumn from = (BytesColumn) other;
    if (from.rows() == 0) { // as mostly below lists, of which many runs have none
      return;
    }
    validity.append(rows(), from.validity, from.rows());
    offsets.append(from.offsets);
    data.putCopy(from.data.address(), from.data.size());
  }

  @Override
  long bytes() {
    return validity.bytes(rows()) + offsets.bytes() + data.size();
  }

  @Override
  void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(rows(), validity.nulls()));
    validity.collect(buffers);
    offsets.collect(buffers);
    data.collect(buffers);
  }
}
