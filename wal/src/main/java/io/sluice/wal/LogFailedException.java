package io.sluice.wal;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A write or force failed, or the log is closed: final. Stop the process and recover from disk. */
public final class LogFailedException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public LogFailedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
