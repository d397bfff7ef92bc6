package io.sluice.schema.rows;

import static java.util.Objects.requireNonNull;

import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.jspecify.annotations.Nullable;

/**
 * A buffer that grows by doubling. What is in it is copied; what is added is the owner's to fill.
 */
final class GrowingBuffer implements AutoCloseable {

  /** Vectors of Arrow count in ints: no buffer of theirs may be larger. */
  private static final long MAX = Integer.MAX_VALUE;

  private static final long FIRST = 1024;
  private static final byte ONES = -1;

  private final BufferAllocator allocator;
  private final boolean ones;
  private @Nullable ArrowBuf buffer;
  private long address;
  private long capacity;

  /**
   * @param ones whether all bits are set that nobody cleared; else they are anything
   */
  GrowingBuffer(BufferAllocator allocator, boolean ones) {
    this.allocator = allocator;
    this.ones = ones;
  }

  /**
   * Makes room for {@code bytes} in all; the address may change.
   *
   * @throws IllegalStateException if that is more than a vector may have
   */
  long ensure(long bytes) {
    if (bytes > capacity) {
      grow(bytes);
    }
    return address;
  }

  private void grow(long bytes) {
    if (bytes > MAX) {
      throw new IllegalStateException(
          "cannot hold %d bytes of one column in a window (limit %d)".formatted(bytes, MAX));
    }
    ArrowBuf next = allocator.buffer(Math.min(MAX, Math.max(FIRST, Math.max(bytes, 2 * capacity))));
    if (buffer != null) {
      MemoryUtil.copyMemory(address, next.memoryAddress(), capacity);
      buffer.close();
    }
    if (ones) {
      MemoryUtil.setMemory(next.memoryAddress() + capacity, next.capacity() - capacity, ONES);
    }
    buffer = next;
    address = next.memoryAddress();
    capacity = next.capacity();
  }

  long capacity() {
    return capacity;
  }

  /** The buffer with its first {@code bytes} readable; still this one's. */
  ArrowBuf readable(long bytes) {
    ensure(Math.max(1, bytes));
    ArrowBuf filled = requireNonNull(buffer);
    return filled.writerIndex(bytes);
  }

  /**
   * Forgets what is in it. The memory is used again unless somebody else (a root that is still
   * being sent) holds it.
   *
   * @param used how many bytes may have been written
   */
  void reset(long used) {
    if (buffer != null && buffer.getReferenceManager().getRefCount() > 1) {
      close();
    } else if (ones) {
      MemoryUtil.setMemory(address, Math.min(used, capacity), ONES);
    }
  }

  @Override
  public void close() {
    if (buffer != null) {
      buffer.close();
      buffer = null;
      address = 0;
      capacity = 0;
    }
  }
}
