package io.sluice.writer.intake;

import io.sluice.schema.wire.MalformedMessageException;
import java.io.Serial;

/** A message that can be told apart and answered, and whose rows will never be taken. */
final class RejectedContentException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  RejectedContentException(MalformedMessageException cause) {
    super(cause.getMessage(), cause);
  }
}
