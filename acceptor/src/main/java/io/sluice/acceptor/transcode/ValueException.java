package io.sluice.acceptor.transcode;

/**
 * A value is not what its field takes. Never leaves the package: who knows where it stands says so.
 */
final class ValueException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /**
   * @param what the fault, as "not 32 hex digits"
   */
  ValueException(String what) {
    super(what, null, false, false);
  }

  String what() {
    return String.valueOf(getMessage());
  }
}
