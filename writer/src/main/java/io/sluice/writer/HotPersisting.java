package io.sluice.writer;

import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.intake.Persisting;
import io.sluice.writer.persist.Persister;
import org.jspecify.annotations.Nullable;

/**
 * The hot rows and their persister, as the intake sees them.
 *
 * @param memoryBytes budget of the hot rows
 */
record HotPersisting(ChunkBuffer buffer, Persister persister, long memoryBytes)
    implements Persisting {

  @Override
  public long bytesOver() {
    return buffer.bytes() - memoryBytes;
  }

  @Override
  public long bytesFreed() {
    return buffer.bytesFreed();
  }

  @Override
  public @Nullable String failure() {
    return persister.failures().values().stream().findAny().orElse(null);
  }
}
