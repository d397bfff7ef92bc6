package io.sluice.query.export;

import java.time.Duration;

/** How one attempt to export a request ended. */
public sealed interface Answer {

  /** Acknowledged; {@code rejected} of its records were not taken (partial success). */
  record Acked(long rejected, String message) implements Answer {}

  /**
   * To be sent again; not before {@code after}, which is zero if the server did not say.
   *
   * @param left false: there was no connection, so that nobody can have stored it
   */
  record Again(String code, String message, Duration after, boolean left) implements Answer {

    public Again(String code, String message, Duration after) {
      this(code, message, after, true);
    }
  }

  /** Not to be sent again. Whether an earlier attempt was stored, the client cannot know. */
  record Refused(String code, String message) implements Answer {}
}
