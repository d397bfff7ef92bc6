package io.sluice.wal;

import java.io.Serial;

/** The log's disk budget is used up: refuse, retryable; it frees as tables are committed. */
public final class LogFullException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final long missingBytes;

  /**
   * @param missingBytes how much must be released until the record is taken
   */
  public LogFullException(String message, long missingBytes) {
    super(message);
    this.missingBytes = missingBytes;
  }

  public long missingBytes() {
    return missingBytes;
  }
}
