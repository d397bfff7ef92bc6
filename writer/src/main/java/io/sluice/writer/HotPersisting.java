package io.sluice.writer;

import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.intake.Persisting;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.persist.Parking;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hot rows of a log and their persisting, as the intake sees them. While the apply is behind,
 * what is taken goes to the log and takes no memory.
 *
 * @param memory of all logs
 * @param behind whether the apply is behind the log
 */
record HotPersisting(HotMemory memory, Window window, Parking parking, BooleanSupplier behind)
    implements Persisting {

  @Override
  public long bytesOver() {
    return behind.getAsBoolean() ? -1 : memory.bytesOver();
  }

  @Override
  public boolean hasTooManyBatches() {
    return window.isFull();
  }

  @Override
  public long bytesFreed() {
    return memory.bytesFreed();
  }

  @Override
  public @Nullable String failure() {
    return memory.outage();
  }

  @Override
  public @Nullable String refusal(TableKey table) {
    return parking.refusal(table);
  }
}
