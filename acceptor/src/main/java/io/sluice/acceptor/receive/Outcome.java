package io.sluice.acceptor.receive;

import io.sluice.schema.security.DeniedException;

/** What became of a request, whatever the protocol it came by. */
public sealed interface Outcome {

  /**
   * Every record that was taken is durable.
   *
   * @param rejected records that will never be taken, exactly; the client must not send them again
   * @param why empty if none was rejected
   */
  record Stored(long rejected, String why) implements Outcome {
    static final Stored ALL = new Stored(0, "");
  }

  /**
   * Not OTLP, or beyond what is taken: nothing is stored, sending it again is useless.
   *
   * @param where in the request it is: a byte or a path; the whole request if that is not known
   */
  record Malformed(String where, String why) implements Outcome {
    Malformed(String why) {
      this("request", why);
    }
  }

  /** Larger than a request may be, before or after decompression. */
  record TooLarge(String why) implements Outcome {}

  /** Who sends it is not known, or may not: nothing is stored, sending it again is useless. */
  record Denied(DeniedException.Why reason, String why) implements Outcome {}

  /**
   * No room for it now; to be sent again after so many milliseconds.
   *
   * @param alone whether nobody else is told that time
   */
  record Overloaded(int retryAfterMillis, String why, boolean alone) implements Outcome {
    Overloaded(int retryAfterMillis, String why) {
      this(retryAfterMillis, why, false);
    }
  }

  /** The Writer cannot be asked, or did not answer; to be sent again. */
  record Unavailable(int retryAfterMillis, String why) implements Outcome {}
}
