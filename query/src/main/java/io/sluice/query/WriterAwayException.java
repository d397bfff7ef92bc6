package io.sluice.query;

import java.io.Serial;

/** A Writer could not be reached, did not answer in time, or was lost while it answered. */
final class WriterAwayException extends ReadException {
  @Serial private static final long serialVersionUID = 1;

  private final String said;

  /**
   * @param said which Writer, and what is known of it
   * @param what could not be done
   * @param advice to the user
   */
  WriterAwayException(String what, String said, String advice, Throwable cause) {
    super("cannot %s: %s (%s)".formatted(what, said, advice), cause);
    this.said = said;
  }

  @Override
  String said() {
    return said;
  }

  @Override
  boolean passes() {
    return true;
  }
}
