package io.sluice.writer.persist;

import io.sluice.writer.buffer.TableKey;
import java.io.Serial;

/** A flush did not come to its end; the rows are safe in the log and are tried again. */
public final class FlushFailedException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  FlushFailedException(TableKey table, long position, String reason) {
    super("cannot persist %s up to position %d: %s".formatted(table, position, reason));
  }
}
