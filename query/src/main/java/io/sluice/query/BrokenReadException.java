package io.sluice.query;

import java.io.Serial;

/** A read ended on its way, of which nothing can be kept. */
final class BrokenReadException extends ReadException {
  @Serial private static final long serialVersionUID = 1;

  private final boolean passes;

  BrokenReadException(ReadException why) {
    super(why.getMessage() + " (rows until then are not all: run it again)", why);
    passes = why.passes();
  }

  @Override
  boolean passes() {
    return passes;
  }
}
