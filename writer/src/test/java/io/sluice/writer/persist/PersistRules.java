package io.sluice.writer.persist;

import io.sluice.lake.CommitOutcome;
import io.sluice.lake.LogRange;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;

/** What the persister decides, for a simulation of it. */
public final class PersistRules {

  /** Gives the set back, which is owed again, or is another's by now. */
  public static boolean isTriedAgain(ChunkBuffer buffer, ChunkSet set, Throwable cause) {
    return Unpersisted.of(buffer, set, cause) == Unpersisted.AGAIN;
  }

  /** Returns if the table holds the set's rows. */
  public static void requireHeld(ChunkSet set, LogRange range, CommitOutcome outcome)
      throws TableStuckException {
    LakeSetWriter.requireHeld(set, range, outcome);
  }

  private PersistRules() {}
}
