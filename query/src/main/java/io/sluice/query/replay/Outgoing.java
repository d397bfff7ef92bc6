package io.sluice.query.replay;

import io.sluice.query.replay.Checkpoint.Place;
import io.sluice.schema.table.Table;

/** A request, and which rows it has. */
final class Outgoing {

  private final Table table;
  private final Place from;
  private final Place next;
  private final int records;
  private final byte[] bytes;

  /**
   * @param from its first row
   * @param next the row after its last one
   * @param records how many it has
   */
  Outgoing(Table table, Place from, Place next, int records, byte[] bytes) {
    this.table = table;
    this.from = from;
    this.next = next;
    this.records = records;
    this.bytes = bytes;
  }

  Table table() {
    return table;
  }

  Place next() {
    return next;
  }

  int records() {
    return records;
  }

  /** Not to be changed. */
  byte[] bytes() {
    return bytes;
  }

  /** For a sentence. */
  @Override
  public String toString() {
    return "%s, rows %d to %d of piece %d"
        .formatted(table, from.row(), next.row() - 1, from.piece());
  }
}
