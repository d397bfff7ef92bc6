package io.sluice.writer.intake;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of the rows that were taken, as far as the intake must know. Safe for any thread.
 */
public interface Persisting {

  /** Bytes of hot rows beyond their budget; below 0 while there is room. */
  long bytesOver();

  /** Bytes of hot rows freed since the start, in all. */
  long bytesFreed();

  /** Why tables cannot be persisted now; null while they can. */
  @Nullable String failure();
}
