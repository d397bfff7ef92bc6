package io.sluice.writer.persist;

import io.sluice.writer.buffer.TableKey;
import java.io.Serial;

/**
 * Store and catalog answer, and the table does not take this log's rows: it was dropped, replaced
 * or put back, or its mark is elsewhere. To try again does not help until somebody puts it right.
 * Of everything else that a persist throws the cause may pass: store or catalog are away.
 */
public sealed class TableStuckException extends Exception permits MarkMismatchException {
  @Serial private static final long serialVersionUID = 1;

  TableStuckException(TableKey table, String reason) {
    super("cannot commit to %s: %s".formatted(table, reason));
  }
}
