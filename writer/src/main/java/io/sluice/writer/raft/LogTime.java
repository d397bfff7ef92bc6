package io.sluice.writer.raft;

/**
 * The time of a log, which its leader gives to records: it begins where that of the records ends
 * which the leader has applied, and goes on with a monotonic clock. So it never jumps, and never
 * runs faster than clients wait, whoever leads: a wall clock says only where the time of a log
 * begins that has none. Whoever appends guards it.
 */
public final class LogTime {

  private final long firstMicros;
  private long term;
  private long fromMicros;
  private long fromNanos;

  /**
   * @param firstMicros where it begins if the log has no time yet, in micros since the epoch
   */
  public LogTime(long firstMicros) {
    this.firstMicros = firstMicros;
  }

  /**
   * Of a record that is appended now.
   *
   * @param ofTerm the term that is led: all records of earlier ones are applied
   * @param appliedMicros the time of the newest applied record; 0 if there is none
   */
  public long micros(long ofTerm, long appliedMicros, long nowNanos) {
    if (ofTerm != term) {
      term = ofTerm;
      fromMicros = appliedMicros == 0 ? firstMicros : appliedMicros;
      fromNanos = nowNanos;
    }
    return fromMicros + (nowNanos - fromNanos) / 1_000;
  }
}
