package io.sluice.schema.rows;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Booleans. */
final class GrowingBits extends Growing {

  private final GrowingBuffer data;

  GrowingBits(BufferAllocator allocator) {
    super(allocator);
    this.data = new GrowingBuffer(allocator, false);
  }

  void add(boolean value) {
    int octet = count >>> 3;
    long at = data.ensure(octet + 1L) + octet;
    int before = (count & 7) == 0 ? 0 : MemoryUtil.getByte(at);
    MemoryUtil.putByte(at, (byte) (before | (value ? 1 : 0) << (count & 7)));
    count++;
  }

  @Override
  long ownBytes() {
    return (count + 7L) / 8;
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
