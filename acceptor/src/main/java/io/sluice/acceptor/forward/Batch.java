package io.sluice.acceptor.forward;

import io.sluice.acceptor.columns.WireColumns;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;

/**
 * A batch on its way to the Writer.
 *
 * @param rows its rows: nobody writes them before {@code free} has run
 * @param receivedMicros when its request was received, micros since the epoch
 * @param giveUpNanos until when to send it again, on the monotonic clock
 * @param free runs once, when the rows are not needed any more
 */
public record Batch(
    BatchId id,
    String tenant,
    WireColumns rows,
    long receivedMicros,
    long giveUpNanos,
    Runnable free) {

  /** The same, and this runs once it is free, too. */
  Batch whenFree(Runnable then) {
    return new Batch(
        id,
        tenant,
        rows,
        receivedMicros,
        giveUpNanos,
        () -> {
          free.run();
          then.run();
        });
  }

  Table table() {
    return rows.table();
  }
}
