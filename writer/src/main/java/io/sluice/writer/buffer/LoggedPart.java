package io.sluice.writer.buffer;

/**
 * All rows that the log has of a table in a range of positions, but for repeats. Reading them back
 * is a function of this and of the log alone: whatever a window remembers by then.
 */
public record LoggedPart(long from, long to, long rows, long bytes, Voids voids)
    implements HotPart {

  /** Whether the log has nothing of the table between the two but repeats that are known. */
  boolean joins(LoggedPart later) {
    return voids == later.voids && to <= later.from;
  }

  LoggedPart with(LoggedPart later) {
    return new LoggedPart(from, later.to, rows + later.rows, bytes + later.bytes, voids);
  }
}
