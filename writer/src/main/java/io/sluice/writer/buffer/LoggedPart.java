package io.sluice.writer.buffer;

/**
 * All rows that the log has of a table in a range of positions, but for repeats. Reading them back
 * is a function of this and of the log alone: whatever a window remembers by then.
 *
 * @param parked they are in a parked file, which is of exactly this range, and no more in the log
 */
public record LoggedPart(long from, long to, long rows, long bytes, Voids voids, boolean parked)
    implements HotPart {

  static LoggedPart inLog(long from, long to, long rows, long bytes, Voids voids) {
    return new LoggedPart(from, to, rows, bytes, voids, false);
  }

  /** Whether the log has nothing of the table between the two but repeats that are known. */
  boolean joins(LoggedPart later) {
    return voids == later.voids && to <= later.from && !parked && !later.parked;
  }

  LoggedPart with(LoggedPart later) {
    return inLog(from, later.to, rows + later.rows, bytes + later.bytes, voids);
  }
}
