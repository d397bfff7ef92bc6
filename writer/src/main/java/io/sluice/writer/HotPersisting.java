package io.sluice.writer;

import io.sluice.wal.LogUsage;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.intake.Persisting;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.persist.Parking;
import io.sluice.writer.persist.TenantParts;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The hot rows of a log and their persisting, as the intake sees them. While the apply is behind,
 * what is taken goes to the log and takes no memory.
 *
 * @param memory of all logs
 * @param parts of the tenants in what waits to be persisted
 * @param behind whether the apply is behind the log
 */
record HotPersisting(
    HotMemory memory, TenantParts parts, Window window, Parking parking, BooleanSupplier behind)
    implements Persisting {

  private static final int LAST_PART = 8;

  @Override
  public long bytesOver() {
    return behind.getAsBoolean() ? -1 : memory.bytesOver();
  }

  @Override
  public boolean isCrowdedBy(String tenant, LogUsage log) {
    boolean scarce =
        log.roomBytes() < (log.usedBytes() + log.roomBytes()) / LAST_PART
            || (memory.isScarce() && !behind.getAsBoolean());
    return scarce && parts.isBeyond(tenant);
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
