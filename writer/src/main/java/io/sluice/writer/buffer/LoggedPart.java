package io.sluice.writer.buffer;

/**
 * All rows that the log has of a table in a range of positions, but for repeats. Reading them back
 * is a function of this and of the log alone: whatever a window remembers by then.
 *
 * @param parked they are in a parked file, which is of exactly this range, and no more in the log
 */
public record LoggedPart(long from, long to, long rows, long bytes, Voids voids, boolean parked)
    implements HotPart {

  /**
   * So many positions without a row of the table end a part: who reads the next one begins at its
   * segment, and need not pass all that lies between. More than a segment has of small records, or
   * else a part would cost more than it saves.
   */
  static final long LONGEST_GAP = 16_384;

  static LoggedPart inLog(long from, long to, long rows, long bytes, Voids voids) {
    return new LoggedPart(from, to, rows, bytes, voids, false);
  }

  /**
   * Whether the two can be one: the log has nothing of the table between them but repeats that are
   * known, and little of others.
   */
  boolean joins(LoggedPart later) {
    return voids == later.voids
        && to <= later.from
        && later.from - to <= LONGEST_GAP
        && !parked
        && !later.parked;
  }

  /** Begins at its first row: the log may have let go of what is between the cut and that. */
  @Override
  public LoggedPart above(long position, RecordRows records, Voids newVoids) {
    if (parked) {
      throw new IllegalStateException("cannot cut (%d, %d]: it is parked".formatted(from, to));
    }
    if (position <= from) {
      return inLog(from, to, rows, bytes, newVoids);
    }
    RecordRows.Sum rest = records.between(position, to);
    return inLog(rest.before(), to, rest.rows(), rest.bytes(), newVoids);
  }

  LoggedPart with(LoggedPart later) {
    return inLog(from, later.to, rows + later.rows, bytes + later.bytes, voids);
  }
}
