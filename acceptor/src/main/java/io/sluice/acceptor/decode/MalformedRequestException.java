package io.sluice.acceptor.decode;

/** The request's bytes are not protobuf: reject it as a whole (INVALID_ARGUMENT, 400). */
public final class MalformedRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int at;

  /**
   * @param what the fault, as "length 9 overruns its message"
   * @param at where, in bytes from the request's first
   */
  MalformedRequestException(String what, int at) {
    super(what + " at byte " + at);
    this.at = at;
  }

  /** In bytes from the request's first. */
  public int at() {
    return at;
  }
}
