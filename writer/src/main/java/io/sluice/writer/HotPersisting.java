package io.sluice.writer;

import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.intake.Persisting;
import io.sluice.writer.persist.Parking;
import io.sluice.writer.persist.Persister;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hot rows and their persister, as the intake sees them. While the apply is behind, what is
 * taken goes to the log and takes no memory.
 *
 * @param memoryBytes budget of the hot rows
 * @param behind whether the apply is behind the log
 */
record HotPersisting(
    ChunkBuffer buffer,
    Window window,
    Persister persister,
    Parking parking,
    long memoryBytes,
    BooleanSupplier behind)
    implements Persisting {

  @Override
  public long bytesOver() {
    return behind.getAsBoolean() ? -1 : buffer.bytes() - memoryBytes;
  }

  @Override
  public boolean hasTooManyBatches() {
    return window.isFull();
  }

  @Override
  public long bytesFreed() {
    return buffer.bytesFreed();
  }

  @Override
  public @Nullable String failure() {
    return persister.outage();
  }

  @Override
  public @Nullable String refusal(TableKey table) {
    return parking.refusal(table);
  }
}
