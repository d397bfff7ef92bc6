package io.sluice.acceptor.decode;

/**
 * A value is nested deeper than allowed: whatever it belongs to is rejected. Never leaves decode.
 */
final class TooDeepException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TooDeepException() {
    super("nested too deep", null, false, false); // thrown for every record of a hostile request
  }
}
