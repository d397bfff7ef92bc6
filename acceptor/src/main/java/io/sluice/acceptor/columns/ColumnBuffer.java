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

  private static final int MIN_CAPACITY = 256;
  private static final long MAX_CAPACITY = 1L << 31;

  private final BufferSource source;
  private ArrowBuf buffer;
  private long address;
  private int size;
  private int writable; // capacity - SLACK

  ColumnBuffer(BufferSource source) {
    this.source = source;
    this.buffer = source.allocate(MIN_CAPACITY, 0);
    use(buffer, MIN_CAPACITY);
    source.opened(this);
  }

  public int size() {
    return size;
  }

  /** Where the first byte is. */
  public long address() {
    return address;
  }

  /** The address of the next byte, with room for so many and {@link #SLACK}. */
  public long reserve(int bytes) {
    if (bytes > writable - size) {
      grow(bytes);
    }
    return address + size;
  }

  /** What was reserved is written: so many bytes more. */
  public void advance(int bytes) {
    size += bytes;
  }

  public void putByte(byte value) {
    MemoryUtil.putByte(reserve(1), value);
    size++;
  }

  void putInt(int value) {
    MemoryUtil.putInt(reserve(Integer.BYTES), value);
    size += Integer.BYTES;
  }

  void putLong(long value) {
    MemoryUtil.putLong(reserve(Long.BYTES), value);
    size += Long.BYTES;
  }

  void putCopy(long from, int bytes) {
    MemoryUtil.copyMemory(from, reserve(bytes), bytes);
    size += bytes;
  }

  int getInt(int index) {
    return MemoryUtil.getInt(address + (long) index * Integer.BYTES);
  }

  /** Cuts it to so many bytes, which it has. */
  public void truncate(int bytes) {
    size = bytes;
  }

  /** Adds the buffer to those of a record batch. */
  void collect(List<ArrowBuf> buffers) {
    buffer.writerIndex(size);
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
    long needed = (long) size + bytes + SLACK;
    if (bytes < 0 || needed > MAX_CAPACITY) {
      throw new ColumnsFullException("one column would take more than " + MAX_CAPACITY + " bytes");
    }
    long old = writable + (long) SLACK;
    long capacity = Math.max(Long.highestOneBit(needed - 1) << 1, 2 * old);
    capacity = Math.min(capacity, MAX_CAPACITY);
    ArrowBuf larger = source.allocate(capacity, old);
    MemoryUtil.copyMemory(address, larger.memoryAddress(), size);
    buffer.close();
    buffer = larger;
    use(larger, capacity);
  }

  private void use(ArrowBuf used, long capacity) {
    address = used.memoryAddress();
    writable = (int) (capacity - SLACK);
  }
}
