package io.sluice.schema.rows;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Values of 4 or 8 bytes. */
final class GrowingFixed extends Growing {

  private final GrowingBuffer data;
  private final int width;

  GrowingFixed(BufferAllocator allocator, int width) {
    super(allocator);
    this.data = new GrowingBuffer(allocator, false);
    this.width = width;
  }

  /** Makes room for {@code n} values more; the address is where the first of them goes. */
  long room(int n) {
    return data.ensure((long) width * (count + (long) n)) + (long) width * count;
  }

  /** A null's bytes are zero: nothing of another window may be in them. */
  void addNull(long at, int index) {
    if (width == Long.BYTES) {
      MemoryUtil.putLong(at, 0);
    } else {
      MemoryUtil.putInt(at, 0);
    }
    setNull(index);
  }

  int width() {
    return width;
  }

  @Override
  long ownBytes() {
    return (long) width * count;
  }

  @Override
  List<ArrowBuf> buffers() {
    return List.of(data.readable(ownBytes()));
  }

  @Override
  void resetBuffers() {
    data.reset(ownBytes());
  }

  @Override
  void closeBuffers() {
    data.close();
  }
}
