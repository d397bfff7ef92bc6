package io.sluice.wal;

import java.io.IOException;
import java.io.Serial;

/** Bytes of the log are not what was forced there: file, offset, expected, actual. Stop. */
public final class CorruptLogException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public CorruptLogException(String file, long offset, String expected, String actual) {
    super(
        "cannot read log: %s at offset %d: expected %s, found %s (run 'sluice wal verify')"
            .formatted(file, offset, expected, actual));
  }

  static CorruptLogException of(String file, long offset, String what, long expected, long actual) {
    return new CorruptLogException(
        file, offset, "%s %x".formatted(what, expected), Long.toHexString(actual));
  }
}
