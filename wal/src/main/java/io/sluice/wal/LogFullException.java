package io.sluice.wal;

import java.io.Serial;

/** The log's disk budget is used up: refuse, retryable; it frees as tables are committed. */
public final class LogFullException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  public LogFullException(String message) {
    super(message);
  }
}
