package io.sluice.s3server;

/** What goes wrong with a request on its way to the store, or with its answer on the way back. */
public sealed interface StoreFault {

  /**
   * The store's answer is an error, in its XML; one with status 200 has it in its body only.
   *
   * @param executed the store has done nevertheless what it was asked for
   */
  record Answer(int status, String code, boolean executed) implements StoreFault {

    /** An error of a store that has done nothing. */
    public Answer(int status, String code) {
      this(status, code, false);
    }
  }

  /**
   * Nothing is answered, the connection is reset.
   *
   * @param executed the store has done what it was asked for
   */
  record Reset(boolean executed) implements StoreFault {}

  /** Both connections are reset when so many bytes of the request's body are with the store. */
  record ResetInBody(int bytes) implements StoreFault {}

  /** The connection is reset after so many bytes of the answer's body. */
  record CutAnswer(int bytes) implements StoreFault {}

  /** A bit in the middle of the request's body is another one. */
  record FlipBody() implements StoreFault {}

  /** A bit in the middle of the answer's body is another one. */
  record FlipAnswer() implements StoreFault {}

  /** Of the answer's body a byte comes now and then, until the client has gone. */
  record Trickle() implements StoreFault {}

  /** No byte is answered until the client has gone. */
  record Hang() implements StoreFault {}
}
