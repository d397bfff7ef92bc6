package io.sluice.writer.sim;

import io.sluice.schema.wire.BatchId;

/**
 * A batch as a client made it. Its rows have numbers of their own: twice the batch's, and one more.
 *
 * @param table of {@link SimTables}
 * @param rows 1 or 2
 */
record Sent(int number, BatchId id, int log, int table, int rows) {

  int row(int of) {
    return 2 * number + of;
  }

  static int batch(int row) {
    return row / 2;
  }
}
