package io.sluice.query;

import java.io.Serial;

/** Nobody that answers leads a log. */
final class LogUnledException extends ReadException {
  @Serial private static final long serialVersionUID = 1;

  LogUnledException(String sentence) {
    super(sentence, null);
  }

  @Override
  boolean passes() {
    return true;
  }
}
