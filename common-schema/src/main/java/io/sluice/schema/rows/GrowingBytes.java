package io.sluice.schema.rows;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;

/** Strings or binary values: offsets and data. */
final class GrowingBytes extends Growing {

  private final GrowingBuffer offsets;
  private final GrowingBuffer data;
  private int end;

  GrowingBytes(BufferAllocator allocator) {
    super(allocator);
    this.offsets = new GrowingBuffer(allocator, false);
    this.data = new GrowingBuffer(allocator, false);
  }

  /** Makes room for {@code n} offsets more; the address is where the first value's end goes. */
  long offsetRoom(int n) {
    return offsets.ensure(4L * (count + n + 1L)) + 4L * (count + 1L);
  }

  /** Makes room for {@code bytes} of data more; the address is where they go. */
  long dataRoom(long bytes) {
    return data.ensure(end + bytes) + end;
  }

  /** Where the data ends, now that {@code bytes} were written. */
  int advance(int bytes) {
    end += bytes;
    return end;
  }

  int end() {
    return end;
  }

  @Override
  long ownBytes() {
    return end + 4L * count;
  }

  @Override
  List<ArrowBuf> buffers() {
    MemoryUtil.putInt(offsets.ensure(4), 0);
    return List.of(offsets.readable(4L * (count + 1L)), data.readable(end));
  }

  @Override
  void resetBuffers() {
    offsets.reset(0);
    data.reset(0);
    end = 0;
  }

  @Override
  void closeBuffers() {
    offsets.close();
    data.close();
  }
}
