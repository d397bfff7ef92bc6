package io.sluice.wal;

/** Where a segment's bytes stop being records, and why. */
record Damage(long offset, String expected, String actual) {

  CorruptLogException in(String file) {
    return new CorruptLogException(file, offset, expected, actual);
  }
}
