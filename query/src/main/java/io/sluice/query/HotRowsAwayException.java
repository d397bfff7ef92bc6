package io.sluice.query;

import java.io.Serial;

/** A read lacks rows of a Writer only: one that may be partial gives the rest. */
public final class HotRowsAwayException extends ReadException {
  @Serial private static final long serialVersionUID = 1;

  HotRowsAwayException(ReadException why) {
    super(why.getMessage(), why);
  }
}
