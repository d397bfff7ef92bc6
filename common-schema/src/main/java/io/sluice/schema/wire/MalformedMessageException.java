package io.sluice.schema.wire;

import java.io.Serial;

/** A message between Acceptor and Writer is not what its format says: reject it, for good. */
public final class MalformedMessageException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public MalformedMessageException(String message) {
    super(message);
  }
}
