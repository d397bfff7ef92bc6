package io.sluice.wal;

/** Where a segment's bytes stop being records, and why. */
record Damage(long offset, String expected, String actual) {

  CorruptLogException in(String file) {
    return new CorruptLogException(file, offset, expected, actual);
  }

  /** The same as a part of a sentence. */
  String where(String file) {
    return "%s at offset %d: expected %s, found %s".formatted(file, offset, expected, actual);
  }
}
