package io.sluice.writer.buffer;

/** The life of a set of chunks. */
public enum ChunkState {
  /** Takes rows. */
  OPEN,
  /** Complete; waits for its table's turn. */
  SEALED,
  /** Files are written, or a commit is under way. */
  PERSISTING,
  /** In the table; kept a while for readers with an older snapshot. */
  PERSISTED,
  /** Freed. */
  RELEASED;

  /** One step forward; or back to SEALED, when a persist failed and will be tried again. */
  boolean canBecome(ChunkState next) {
    return switch (this) {
      case OPEN -> next == SEALED;
      case SEALED -> next == PERSISTING;
      case PERSISTING -> next == PERSISTED || next == SEALED;
      case PERSISTED -> next == RELEASED;
      case RELEASED -> false;
    };
  }
}
