package io.sluice.writer.buffer;

import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.wire.PutMetadata;

/**
 * A message's rows in its memory, checked: nothing in them can lead a reader astray. Has one owner
 * at a time, who closes it or makes a {@link HotBatch} of it.
 */
public record LoadedBatch(PutMetadata metadata, PackedRows packed, WireBatch wire)
    implements AutoCloseable {

  /** The owner's last act: the batch lives on, in use, and in the buffer. */
  public HotBatch at(long position) {
    return new HotBatch(position, packed, wire);
  }

  @Override
  public void close() {
    packed.close();
  }
}
