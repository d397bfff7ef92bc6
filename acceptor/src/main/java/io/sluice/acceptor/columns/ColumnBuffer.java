package io.sluice.acceptor.columns;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * One Arrow buffer being filled from its start. There is always room for {@link #SLACK} bytes
 * beyond what was reserved, so that short copies may write whole words. An address is good until
 * the next {@link #reserve}.
 */
public final class ColumnBuffer {

  /** Bytes beyond what was reserved that a writer may spoil. */
  public static final int SLACK = 64;

  /** Up to so many bytes are copied faster word by word than by a call. */
  static final int COPY_BY_WORD = 256;

  private static final int MIN_CAPACITY = 256;
  private static final long MAX_CAPACITY = 1L << 31;

  private final BufferSource source;
  private ArrowBuf buffer;
  private long address;
  private long next;
  private long limit; // address + capacity - SLACK

  ColumnBuffer(BufferSource source) {
    this.source = source;
    this.buffer = source.allocate(MIN_CAPACITY, 0);
    use(buffer, 0, MIN_CAPACITY);
    source.opened(this);
  }

  public int size() {
    return (int) (next - address);
  }

  /** Where the first byte is. */
  public long address() {
    return address;
  }

  /** The address of the next byte, with room for so many and {@link #SLACK}. */
  public long reserve(int bytes) {
    if (bytes > limit - next) {
      grow(bytes);
    }
    return next;
  }

  /** What was reserved is written: so many bytes more. */
  public void advance(int bytes) {
    next += bytes;
  }

  /** What was reserved is written up to this address. */
  public void endAt(long behind) {
    next = behind;
  }

  public void putByte(byte value) {
    long at = reserve(1);
    MemoryUtil.putByte(at, value);
    next = at + 1;
  }

  void putInt(int value) {
    long at = reserve(Integer.BYTES);
    MemoryUtil.putInt(at, value);
    next = at + Integer.BYTES;
  }

  void putLong(long value) {
    long at = reserve(Long.BYTES);
    MemoryUtil.putLong(at, value);
    next = at + Long.BYTES;
  }

  /** Adds so many bytes of another buffer. */
  void putCopy(long from, int bytes) {
    long to = reserve(bytes);
    if (bytes <= COPY_BY_WORD) {
      for (int i = 0; i < bytes; i += Long.BYTES) {
        MemoryUtil.putLong(to + i, MemoryUtil.getLong(from + i));
      }
    } else {
      MemoryUtil.copyMemory(from, to, bytes);
    }
    next = to + bytes;
  }

  void putZeros(int bytes) {
    long to = reserve(bytes);
    if (bytes <= COPY_BY_WORD) {
      for (int i = 0; i < bytes; i += Long.BYTES) {
        MemoryUtil.putLong(to + i, 0);
      }
    } else {
      MemoryUtil.setMemory(to, bytes, (byte) 0);
    }
    next = to + bytes;
  }

  /** Adds one number several times. */
  void putInts(int value, int count) {
    long to = reserve(Math.multiplyExact(count, Integer.BYTES));
    for (int i = 0; i < count; i++) {
      MemoryUtil.putInt(to, value);
      to += Integer.BYTES;
    }
    next = to;
  }

  /** The last number; there is one. */
  int lastInt() {
    return MemoryUtil.getInt(next - Integer.BYTES);
  }

  int getInt(int index) {
    return MemoryUtil.getInt(address + (long) index * Integer.BYTES);
  }

  /** Cuts it to so many bytes, which it has. */
  public void truncate(int bytes) {
    next = address + bytes;
  }

  /** Adds the buffer to those of a record batch. */
  void collect(List<ArrowBuf> buffers) {
    buffer.writerIndex(size());
    buffers.add(buffer);
  }

  /** Adds an empty buffer instead: one without capacity, because loaders ask for that. */
  void collectEmpty(List<ArrowBuf> buffers) {
    buffers.add(source.empty());
  }

  void close() {
    buffer.close();
  }

  private void grow(int bytes) {
    int size = size();
    long needed = (long) size + bytes + SLACK;
    if (bytes < 0 || needed > MAX_CAPACITY) {
      throw new ColumnsFullException("one column would take more than " + MAX_CAPACITY + " bytes");
    }
    long old = limit - address + SLACK;
    long capacity = Math.max(Long.highestOneBit(needed - 1) << 1, 2 * old);
    capacity = Math.min(capacity, MAX_CAPACITY);
    ArrowBuf larger = source.allocate(capacity, old);
    MemoryUtil.copyMemory(address, larger.memoryAddress(), size);
    buffer.close();
    buffer = larger;
    use(larger, size, capacity);
  }

  private void use(ArrowBuf used, int size, long capacity) {
    address = used.memoryAddress();
    next = address + size;
    limit = address + capacity - SLACK;
  }
}
