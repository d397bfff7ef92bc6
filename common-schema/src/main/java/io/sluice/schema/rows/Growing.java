package io.sluice.schema.rows;

import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.ipc.message.ArrowFieldNode;

/**
 * A plain vector while it grows: the buffers of its kind, in Arrow's order. Values are valid unless
 * {@link #setNull} says otherwise. One thread at a time.
 */
abstract class Growing implements AutoCloseable {

  private final GrowingBuffer validity;
  private final List<Growing> children;
  private int nulls;
  private int nullsEnd;
  int count;

  Growing(BufferAllocator allocator, Growing... children) {
    this.validity = new GrowingBuffer(allocator, true);
    this.children = List.of(children);
  }

  /** Of value {@code index}, which may lie beyond {@link #count}. */
  final void setNull(int index) {
    long at = validity.ensure((index >>> 3) + 1L) + (index >>> 3);
    MemoryUtil.putByte(at, (byte) (MemoryUtil.getByte(at) & ~(1 << (index & 7))));
    nulls++;
    nullsEnd = Math.max(nullsEnd, index + 1);
  }

  /** Bytes in the buffers, without those of children. */
  abstract long ownBytes();

  /** The buffers behind the validity, filled; still this one's. */
  abstract List<ArrowBuf> buffers();

  abstract void resetBuffers();

  abstract void closeBuffers();

  final long bytes() {
    long bytes = ownBytes() + (count + 7) / 8;
    for (Growing child : children) {
      bytes += child.bytes();
    }
    return bytes;
  }

  /** Adds nodes and buffers of this and its children in the order of a record batch. */
  final void collect(List<ArrowFieldNode> nodes, List<ArrowBuf> buffers) {
    nodes.add(new ArrowFieldNode(count, nulls));
    buffers.add(validBits());
    buffers.addAll(buffers());
    children.forEach(child -> child.collect(nodes, buffers));
  }

  /** Bits behind the last value are cleared, so that equal rows are equal bytes. */
  private ArrowBuf validBits() {
    int bytes = (count + 7) / 8;
    ArrowBuf bits = validity.readable(bytes);
    if ((count & 7) != 0) {
      long last = bits.memoryAddress() + bytes - 1;
      MemoryUtil.putByte(last, (byte) (MemoryUtil.getByte(last) & ((1 << (count & 7)) - 1)));
    }
    return bits;
  }

  final void reset() {
    validity.reset((Math.max(count, nullsEnd) + 7) / 8);
    nulls = 0;
    nullsEnd = 0;
    resetBuffers();
    count = 0;
    children.forEach(Growing::reset);
  }

  @Override
  public final void close() {
    validity.close();
    closeBuffers();
    children.forEach(Growing::close);
  }
}
