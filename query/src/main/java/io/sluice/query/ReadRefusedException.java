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

  ReadRefusedException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
