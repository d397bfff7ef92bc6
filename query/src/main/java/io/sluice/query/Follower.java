package io.sluice.query;

import org.apache.arrow.vector.VectorSchemaRoot;

/**
 * Takes what a {@link Follow} brings. Each log has a thread that calls it: of one log one call
 * after the other, of several at once. What it does not take in time, the Writer holds for a while.
 */
public interface Follower {

  /**
   * Rows of a log, in its order. The vectors are the caller's again when it returns.
   *
   * @param first the first row that was not brought before
   */
  void rows(VectorSchemaRoot rows, int first);

  /** A log cannot be read, and is tried again until it can. Said once for each time it is lost. */
  void lost(int log, ReadException why);

  /** A log that was lost is read again, from where it was. */
  void back(int log);

  /** Rows of a log were persisted before they could be taken: they are in the table alone. */
  void leftOut(int log, String what);

  /** A log will not be read any more: asking again does not help. */
  void failed(ReadException why);
}
