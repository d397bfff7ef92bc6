package io.sluice.writer.buffer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads rows back that are in the log only. */
@FunctionalInterface
public interface LoggedRows {

  /**
   * Opens the part's rows with a position above {@code after}. From now on the log keeps all from
   * there to its end, until the cursor has passed it or is closed.
   *
   * @throws IOException the log has let them go
   */
  Cursor open(TableKey table, LoggedPart part, long after) throws IOException;

  /** Batches in position order; one at a time is loaded. Not thread-safe. */
  interface Cursor extends AutoCloseable {
    /**
     * The next batch with rows that count, owned by the caller from now on; null at the part's end.
     *
     * @throws IOException the log is damaged, or a record is not what its format says
     */
    @Nullable BatchRows next() throws IOException;

    @Override
    void close();
  }
}
