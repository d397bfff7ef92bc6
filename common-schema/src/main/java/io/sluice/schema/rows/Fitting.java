package io.sluice.schema.rows;

import java.util.List;

/**
 * How many rows fit into a window: counted, before they are expanded, from offsets alone. Rows that
 * follow each other are counted together.
 */
final class Fitting {

  /** Rows counted together before they are cut: bounds the work done in vain. */
  private static final int CUT = 1024;

  private final List<RowColumn> columns;
  private final int promoted;

  /**
   * @param promoted how many of the columns are, at most
   */
  Fitting(List<RowColumn> columns, int promoted) {
    this.columns = columns;
    this.promoted = promoted;
  }

  /** How many of {@code rows[from..to)}, from the first, have {@code room} bytes at most. */
  int count(WireBatch batch, int[] rows, int from, int to, long room) {
    if (atMost(batch, to - from) <= room) {
      return to - from;
    }
    long left = room;
    int at = from;
    while (at < to) {
      int n = 1;
      while (at + n < to && n < CUT && rows[at + n] == rows[at] + n) {
        n++;
      }
      int fit = block(batch, rows[at], n, left);
      if (fit < n) {
        return at + fit - from;
      }
      left -= bytes(batch, rows[at], n);
      at += n;
    }
    return to - from;
  }

  /** The same for rows that follow each other. */
  int count(WireBatch batch, int fromRow, int toRow, long room) {
    if (atMost(batch, toRow - fromRow) <= room) {
      return toRow - fromRow;
    }
    long left = room;
    for (int at = fromRow; at < toRow; at += CUT) {
      int n = Math.min(CUT, toRow - at);
      int fit = block(batch, at, n, left);
      if (fit < n) {
        return at + fit - fromRow;
      }
      left -= bytes(batch, at, n);
    }
    return toRow - fromRow;
  }

  /** The same for rows of several batches. */
  int count(WireBatch[] batchOf, int[] rows, int from, int to, long room) {
    if (atMost(batchOf, from, to) <= room) {
      return to - from;
    }
    long left = room;
    for (int at = from; at < to; at++) {
      left -= bytes(batchOf[at], rows[at], 1);
      if (left < 0) {
        return at - from;
      }
    }
    return to - from;
  }

  private long atMost(WireBatch batch, int n) {
    return batch.size().atMost(n, promoted);
  }

  private long atMost(WireBatch[] batchOf, int from, int to) {
    long bytes = 0;
    for (int at = from; at < to; ) {
      int end = stretchEnd(batchOf, at, to);
      bytes += atMost(batchOf[at], end - at);
      at = end;
    }
    return bytes;
  }

  /** Where the rows end, from {@code at} on, that are of the same batch. */
  static int stretchEnd(WireBatch[] batchOf, int at, int to) {
    int end = at + 1;
    while (end < to && batchOf[end] == batchOf[at]) {
      end++;
    }
    return end;
  }

  /** How many of {@code n} rows from {@code first} fit: found by halving. */
  private int block(WireBatch batch, int first, int n, long room) {
    if (bytes(batch, first, n) <= room) {
      return n;
    }
    int fit = 0;
    int tooMany = n;
    while (tooMany - fit > 1) {
      int middle = (fit + tooMany) >>> 1;
      if (bytes(batch, first, middle) <= room) {
        fit = middle;
      } else {
        tooMany = middle;
      }
    }
    return fit;
  }

  private long bytes(WireBatch batch, int first, int n) {
    long bytes = 0;
    for (RowColumn column : columns) {
      bytes += column.bytes(batch, first, first + n);
    }
    return bytes;
  }
}
