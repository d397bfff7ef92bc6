package io.sluice.wal;

import java.io.IOException;
import java.io.Serial;

/** The file is whole, but of a format that this release does not read. Use another release. */
public final class LogVersionException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  public LogVersionException(String file, int expected, int actual) {
    super(
        "cannot read log: %s has format version %d, this release reads %d (use the release that wrote it)"
            .formatted(file, actual, expected));
  }
}
