package io.sluice.writer.buffer;

import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.wire.PutMetadata;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * A message's rows as vectors over its memory, checked: nothing in them can lead a reader astray.
 * Has one owner at a time, who closes it or makes a {@link HotBatch} of it.
 */
public record LoadedBatch(
    PutMetadata metadata,
    PackedRows packed,
    VectorSchemaRoot root,
    WireBatch wire,
    BufferAllocator allocator,
    long bytes)
    implements AutoCloseable {

  /** The owner's last act: the batch lives on, in use, and in the buffer. */
  public HotBatch at(long position) {
    return new HotBatch(position, packed, new PackedRows.Vectors(root, wire), allocator, bytes);
  }

  @Override
  public void close() {
    root.close();
    packed.close();
  }
}
