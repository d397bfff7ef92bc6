package io.sluice.writer.intake;

import io.sluice.wal.LogUsage;
import io.sluice.writer.buffer.TableKey;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of the rows that were taken, as far as the intake must know. Safe for any thread.
 */
public interface Persisting {

  /** Bytes of hot rows beyond their budget; below 0 while there is room. */
  long bytesOver();

  /** Whether more batches wait to be persisted than can be remembered. */
  boolean hasTooManyBatches();

  /** Bytes of hot rows freed since the start, in all. */
  long bytesFreed();

  /** Why nothing can be persisted now; null while it can, or if only single tables cannot. */
  @Nullable String failure();

  /**
   * Whether memory, or the log as it says, is nearly used, and most of it by this tenant: the last
   * of it is the others'.
   */
  default boolean isCrowdedBy(String tenant, LogUsage log) {
    return false;
  }

  /** Why no more rows of this table can be taken, in a sentence; null while they can. */
  default @Nullable String refusal(TableKey table) {
    return null;
  }
}
