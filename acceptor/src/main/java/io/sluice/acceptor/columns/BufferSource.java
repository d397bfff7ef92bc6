package io.sluice.acceptor.columns;

import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;

/** Where the buffers of one table's columns come from, how much they may grow, and their end. */
final class BufferSource implements AutoCloseable {

  private final BufferAllocator allocator;
  private final List<ColumnBuffer> buffers = new ArrayList<>();
  private ByteLimit limit = ByteLimit.none();
  private long capacity;

  BufferSource(BufferAllocator allocator) {
    this.allocator = allocator;
  }

  void limit(ByteLimit limit) {
    this.limit = limit;
  }

  /** Bytes allocated by all buffers of this source. */
  long capacity() {
    return capacity;
  }

  ArrowBuf allocate(long bytes, long instead) {
    limit.take(bytes - instead);
    ArrowBuf buffer = allocator.buffer(bytes);
    capacity += bytes - instead;
    return buffer;
  }

  ArrowBuf empty() {
    return allocator.getEmpty();
  }

  /** To be closed with all the others. */
  void opened(ColumnBuffer buffer) {
    buffers.add(buffer);
  }

  @Override
  public void close() {
    buffers.forEach(ColumnBuffer::close);
    buffers.clear();
    capacity = 0;
  }
}
