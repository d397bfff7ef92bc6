package io.sluice.writer.serve;

import io.sluice.wal.DurableLog;
import io.sluice.wal.Leadership;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.persist.Persister;
import io.sluice.writer.persist.TimeToFull;

/**
 * One log that a Writer hosts, as its readers see it.
 *
 * @param number of the cluster's logs, from 0
 * @param gate whether its rows can be read
 * @param timeToFull of the log
 * @param unparking lets tables be begun anew
 */
public record ServedLog(
    int number,
    DurableLog log,
    ChunkBuffer buffer,
    Persister persister,
    ReadGate gate,
    TimeToFull timeToFull,
    Actions.Unparking unparking) {

  boolean leads() {
    return log.leadership().leads();
  }

  /**
   * Where its leader is reached; empty if that is not known.
   *
   * @param here where this Writer is
   */
  String leader(String here) {
    Leadership leadership = log.leadership();
    if (leadership.leads()) {
      return here;
    }
    String other = leadership.leader();
    return other == null ? "" : other;
  }
}
