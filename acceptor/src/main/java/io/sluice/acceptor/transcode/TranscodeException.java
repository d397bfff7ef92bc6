package io.sluice.acceptor.transcode;

/** A request that does not become protobuf. */
public final class TranscodeException extends Exception {

  private static final long serialVersionUID = 1L;

  /** What is to be answered. */
  public enum Reason {
    /** It is not OTLP/JSON; the message says what and where. */
    MALFORMED,
    /** As protobuf it is larger than a request may be. */
    TOO_LARGE,
    /** There is no room for it now. */
    NO_ROOM
  }

  static final String TOP = "request";

  private final Reason reason;
  private final String where;

  TranscodeException(Reason reason, String message) {
    this(reason, TOP, message);
  }

  TranscodeException(Reason reason, String where, String message) {
    super(message, null, false, false); // a hostile client must not cost a stack trace each
    this.reason = reason;
    this.where = where;
  }

  /** The path to what it is about, or the request. */
  public String where() {
    return where;
  }

  public Reason reason() {
    return reason;
  }
}
