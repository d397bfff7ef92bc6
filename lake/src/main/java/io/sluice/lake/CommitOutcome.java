package io.sluice.lake;

/** How a commit of files and a log's mark ended. */
public sealed interface CommitOutcome {

  /** The files are in the table and the mark is at the range's end, by one snapshot of ours. */
  record Committed(long snapshotId) implements CommitOutcome {}

  /**
   * The mark was at or past the range's end already: the rows are in the table, by other files
   * unless an earlier attempt with these files had an unknown outcome.
   */
  record AlreadyCommitted(long mark) implements CommitOutcome {}

  /** The mark is neither at the range's begin nor past its end: nothing was committed. */
  record MarkMismatch(long expected, long actual) implements CommitOutcome {}

  /** The table is not ours to write any more: nothing was committed. */
  record TableLost(String reason) implements CommitOutcome {}
}
