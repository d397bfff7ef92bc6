package io.sluice.writer.persist;

import io.sluice.writer.buffer.TableKey;
import java.io.Serial;

/** A set does not begin at its table's mark: somebody else has moved that. */
final class MarkMismatchException extends TableStuckException {

  @Serial private static final long serialVersionUID = 1;

  private final long mark;

  MarkMismatchException(TableKey table, long mark, String why) {
    super(table, why);
    this.mark = mark;
  }

  /** Where it is. */
  long mark() {
    return mark;
  }
}
