package io.sluice.writer.serve;

import java.nio.charset.StandardCharsets;

/**
 * How far a read that follows has come: where its reader goes on, should it break. One thread uses
 * it.
 */
final class Reached {

  private long position;
  private long rows;

  /**
   * @param position up to which the reader has all rows
   */
  Reached(long position) {
    this.position = position;
  }

  /** Rows of a position come next: those of all before it are sent. Positions never go back. */
  void beginsAt(long next) {
    done(next - 1);
  }

  /** More rows of the position that was begun. */
  void sent(int more) {
    rows += more;
  }

  /** All rows up to a position are sent. */
  void done(long upTo) {
    if (upTo > position) {
      position = upTo;
      rows = 0;
    }
  }

  /** What the reader is told beside a window. */
  byte[] toJson() {
    return "{\"position\":%d,\"rows\":%d}"
        .formatted(position, rows)
        .getBytes(StandardCharsets.UTF_8);
  }
}
