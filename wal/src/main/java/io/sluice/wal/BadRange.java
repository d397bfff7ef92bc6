package io.sluice.wal;

/**
 * Bytes of a segment that are no records.
 *
 * @param from where they begin
 * @param to where records begin again, or the segment ends
 * @param firstLost position of the first record that cannot be read
 * @param lastLost of the last; one less than the first: none is lost but a mark
 * @param damage what was expected there
 * @param content what is known of the records, empty: nothing
 */
record BadRange(long from, long to, long firstLost, long lastLost, Damage damage, String content) {

  /** What is bad there, as a sentence without its end. */
  String where(String file) {
    String positions =
        lastLost < firstLost ? "" : ", positions %d to %d".formatted(firstLost, lastLost);
    return "%s (unreadable up to offset %d%s)".formatted(damage.where(file), to, positions);
  }
}
