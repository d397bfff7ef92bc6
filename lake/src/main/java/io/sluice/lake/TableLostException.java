package io.sluice.lake;

/**
 * Somebody else dropped, replaced, rolled back or changed the table so that it is no longer what
 * the log was persisted to: stop committing it; a human has to decide.
 */
public final class TableLostException extends Exception {

  private static final long serialVersionUID = 1L;

  TableLostException(String message) {
    super(message);
  }
}
