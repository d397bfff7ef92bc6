package io.sluice.writer;

import io.sluice.wal.DurableLog;
import java.io.IOException;
import java.util.function.Consumer;

/** Opens one of the cluster's logs, in the form that it has. */
@FunctionalInterface
interface LogOpener {

  /**
   * Takes appends at once, and is not started.
   *
   * @param fatal told once, on a thread of the log, of the failure that ended it
   */
  DurableLog open(int number, Consumer<Throwable> fatal) throws IOException;
}
