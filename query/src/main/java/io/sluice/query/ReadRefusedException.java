package io.sluice.query;

import java.io.Serial;

/** A Writer that was reached refused, and said what a reader is to do. */
final class ReadRefusedException extends ReadException {
  @Serial private static final long serialVersionUID = 1;

  /** FORMATS, "Ticket and answers". */
  enum Reason {
    /** The table's snapshot that the reader has is too old: load it again. */
    RELOAD,
    /** It does not lead the log, or not yet: ask who does. */
    LEADER,
    /** The reader took nothing for too long. */
    SLOW_READER,
    /** The Writer does not know the tenant. */
    TENANT
  }

  private final Reason reason;
  private final String said;

  /**
   * @param what was refused
   * @param said by which Writer, in which words
   */
  ReadRefusedException(Reason reason, String what, String said, Throwable cause) {
    super("cannot %s: %s".formatted(what, said), cause);
    this.reason = reason;
    this.said = said;
  }

  /**
   * A reload that was wanted so many times in vain.
   *
   * @param moved whether the table had moved on when it was last loaded
   */
  ReadException after(int tries, boolean moved) {
    String what =
        moved
            ? "the table is persisted faster than it can be loaded here: run it again, or make read.grace longer"
            : "the table did not move on in the catalog: was it rolled back, or is it another catalog than the Writer's? 'sluice status' shows both";
    return new ReadException(
        "%s; so said %d times in a row (%s)".formatted(getMessage(), tries, what), this);
  }

  @Override
  String said() {
    return said;
  }

  @Override
  boolean passes() {
    return reason == Reason.RELOAD || reason == Reason.LEADER;
  }

  Reason reason() {
    return reason;
  }
}
