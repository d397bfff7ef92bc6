package io.sluice.writer.buffer;

/** A set's rows with a position in (from, to]: in memory, or in the log only. Never changed. */
sealed interface HotPart permits LoadedPart, LoggedPart {

  /** Exclusive. */
  long from();

  /** Inclusive: the position of its last row. */
  long to();

  long rows();

  /** What it takes of memory, or would if it was read back. */
  long bytes();

  /**
   * Its rows above the position, in the log only.
   *
   * @param records of its set
   * @param voids what it knows of repeats from now on
   */
  LoggedPart above(long position, RecordRows records, Voids voids);

  /** Where its repeats are; parts that share one know of all repeats between them. */
  Voids voids();
}
