package io.sluice.writer.persist;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;

/** What becomes of a set whose persist has failed, by who has its rows by then. */
enum Unpersisted {
  /** Its rows were left to the log meanwhile, and are another set's. */
  LEFT,
  /** Another process has brought rows of it into the table: what is owed begins behind them. */
  OTHERS,
  /** It is owed as before, and tried again. */
  AGAIN;

  /** Gives the set back. */
  @CanIgnoreReturnValue
  static Unpersisted of(ChunkBuffer buffer, ChunkSet set, Throwable cause) {
    if (!buffer.table(set.table()).persistFailed(set)) {
      return LEFT;
    }
    // Of a log with replicas, another one leads by now, or has left its last commit to us.
    if (cause instanceof MarkMismatchException moved
        && buffer.isReplicated()
        && moved.mark() > set.from()) {
      buffer.moveMark(set.table(), moved.mark());
      return OTHERS;
    }
    return AGAIN;
  }
}
