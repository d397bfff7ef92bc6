package io.sluice.schema.rows;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Lists or maps: offsets into the elements, which are the child's. */
final class GrowingList extends Growing {

  private final GrowingBuffer offsets;

  GrowingList(BufferAllocator allocator, Growing elements) {
    super(allocator, elements);
    this.offsets = new GrowingBuffer(allocator, false);
  }

  /** Makes room for {@code n} offsets more; the address is where the first list's end goes. */
  long offsetRoom(int n) {
    return offsets.ensure(4L * (count + n + 1L)) + 4L * (count + 1L);
  }

  @Override
  long ownBytes() {
    return 4L * count;
  }

  @Override
  List<ArrowBuf> buffers() {
    MemoryUtil.putInt(offsets.ensure(4), 0);
    return List.of(offsets.readable(4L * (count + 1L)));
  }

  @Override
  void resetBuffers() {
    offsets.reset(0);
  }

  @Override
  void closeBuffers() {
    offsets.close();
  }
}
