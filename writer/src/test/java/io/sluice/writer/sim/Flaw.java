package io.sluice.writer.sim;

/** Bugs that can be planted, to see that they are found. */
enum Flaw {
  /** What the leader alone has counts as committed: acks before a majority has it. */
  ACK_ALONE,
  /** What is sent again has other ids: no repeat is known for one. */
  NO_DEDUP,
  /** A Writer calls a repeat stored as soon as the first of it is appended, not yet committed. */
  REPEAT_BEFORE_APPEND,
  /** A commit goes on wherever the log's mark is. */
  MARK_NOT_COMPARED,
  /** Reads are answered by whoever thinks that it leads. */
  READ_UNCONFIRMED
}
