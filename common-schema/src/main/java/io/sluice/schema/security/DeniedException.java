package io.sluice.schema.security;

import java.io.Serial;

/** Who calls may not. The message is a sentence for the caller, and knows no secret. */
public final class DeniedException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** Whether the caller is known: 403 / PERMISSION_DENIED, else 401 / UNAUTHENTICATED. */
  public enum Why {
    UNKNOWN_CALLER,
    NOT_ALLOWED
  }

  private final Why why;

  public DeniedException(Why why, String sentence) {
    super(sentence, null, false, false); // made for every call of whoever tries
    this.why = why;
  }

  public Why why() {
    return why;
  }

  /** The message. */
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
