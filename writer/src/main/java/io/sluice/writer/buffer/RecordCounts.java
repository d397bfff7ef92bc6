package io.sluice.writer.buffer;

/**
 * Where a table's records went since the process started: taken + replayed = hot + persisted +
 * parked + deduplicated (DESIGN section 1).
 *
 * <p>Of a log with replicas, taken is what this process appended as its leader, and replayed what
 * else it applied and no commit held. What will be applied once more, after a snapshot, is no more
 * replayed meanwhile.
 *
 * @param taken applied records of batches that were sent
 * @param replayed records the log gave back at start that no commit held
 * @param hot rows that no commit holds, in memory or in the log
 * @param persisted rows in commits of this process; or of others, if they came here first
 * @param parked rows in the parked log, to be persisted when somebody says so
 * @param deduplicated records of batches that were repeats
 */
public record RecordCounts(
    long taken, long replayed, long hot, long persisted, long parked, long deduplicated) {

  public static final RecordCounts NONE = new RecordCounts(0, 0, 0, 0, 0, 0);

  /**
   * What this process called stored.
   *
   * @param repeated of batches that were repeats, beside the rows
   */
  public static RecordCounts taken(long rows, long repeated) {
    return new RecordCounts(rows + repeated, 0, 0, 0, 0, repeated);
  }

  /** What another process called stored; which of it was a repeat that one has counted. */
  public static RecordCounts replayed(long rows) {
    return new RecordCounts(0, rows, 0, 0, 0, 0);
  }

  static RecordCounts held(long hot, long persisted, long parked) {
    return new RecordCounts(0, 0, hot, persisted, parked, 0);
  }

  /** The sums. */
  public RecordCounts plus(RecordCounts other) {
    return new RecordCounts(
        taken + other.taken,
        replayed + other.replayed,
        hot + other.hot,
        persisted + other.persisted,
        parked + other.parked,
        deduplicated + other.deduplicated);
  }

  /** 0, or the Writer has a bug; below 0: there are more than came. */
  public long missing() {
    return taken + replayed - hot - persisted - parked - deduplicated;
  }
}
