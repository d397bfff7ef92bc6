package io.sluice.acceptor.columns;

/** The columns may not, or cannot, grow any further: reject what they are filled from. */
public final class ColumnsFullException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  ColumnsFullException(String message) {
    super(message);
  }
}
