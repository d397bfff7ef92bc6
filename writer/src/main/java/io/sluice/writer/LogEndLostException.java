package io.sluice.writer;

import java.io.IOException;
import java.io.Serial;

/** A table holds more of the log than the log itself: positions would be given twice. */
final class LogEndLostException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  LogEndLostException(String message) {
    super(message);
  }

  /** The same, saying of which log. */
  LogEndLostException of(int number) {
    return new LogEndLostException("%s: log %d".formatted(getMessage(), number));
  }
}
