package io.sluice.lake.maintain;

/** A task that is not done to a table, since it might do harm: the message says why. */
final class RefusedException extends Exception {

  private static final long serialVersionUID = 1L;

  RefusedException(String message) {
    super(message);
  }
}
