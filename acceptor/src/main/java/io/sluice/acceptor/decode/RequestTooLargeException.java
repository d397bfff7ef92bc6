package io.sluice.acceptor.decode;

/** The request holds more than may be decoded at once: reject it (INVALID_ARGUMENT, 400). */
public final class RequestTooLargeException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  RequestTooLargeException(String message) {
    super(message);
  }
}
