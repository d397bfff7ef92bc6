package io.sluice.writer.apply;

/** What one occurrence of a batch id in the log is. A repeat is void, for one of three reasons. */
enum Occurrence {
  /** The first: its rows count. */
  COUNTS("none"),

  /** The id came before in the same record. */
  REPEAT_IN_MESSAGE("message"),

  /** The one that counts is still in the log: a retry of a sender that had no answer, mostly. */
  REPEAT_IN_LOG("log"),

  /** The one that counts was released: only the window knows that its rows are in the table. */
  REPEAT_OF_RELEASED("released");

  private final String reason;

  Occurrence(String reason) {
    this.reason = reason;
  }

  boolean isRepeat() {
    return this != COUNTS;
  }

  /** As the metrics page names it. */
  String reason() {
    return reason;
  }
}
