package io.sluice.writer.buffer;

import java.util.Arrays;

/**
 * What each record of a set has of rows that count, and what they take once they are read back: so
 * that a set can be cut at any position, also where the log alone has its rows. A few bytes a
 * record, oldest first: position (less the one before), rows, bytes, each as a varint. Guarded by
 * the table's buffer.
 */
final class RecordRows {

  /**
   * Of all records of a range.
   *
   * @param before the position before the first of them
   * @param bytes what the rows take once they are read back
   */
  record Sum(long before, long rows, long bytes) {}

  private static final int LONGEST = 30;

  private byte[] encoded = {};
  private int size;
  private long last;

  /** In log order: above all that is in it. */
  void add(long position, long rows, long bytes) {
    if (encoded.length - size < LONGEST) {
      encoded = Arrays.copyOf(encoded, Math.max(64, encoded.length * 2));
    }
    put(position - last);
    put(rows);
    put(bytes);
    last = position;
  }

  /** Of the records with a position in (from, to]. */
  Sum between(long from, long to) {
    long before = from;
    long rows = 0;
    long bytes = 0;
    Scan scan = new Scan();
    while (scan.next() && scan.position <= to) {
      if (scan.position > from) {
        before = rows == 0 ? scan.position - 1 : before;
        rows += scan.rows;
        bytes += scan.bytes;
      }
    }
    return new Sum(before, rows, bytes);
  }

  /** Takes over those that lie behind. */
  void addAll(RecordRows later) {
    Scan scan = later.new Scan();
    while (scan.next()) {
      add(scan.position, scan.rows, scan.bytes);
    }
  }

  /** A copy of those above the position. */
  RecordRows above(long position) {
    RecordRows rest = new RecordRows();
    Scan scan = new Scan();
    while (scan.next()) {
      if (scan.position > position) {
        rest.add(scan.position, scan.rows, scan.bytes);
      }
    }
    return rest;
  }

  private void put(long value) {
    long rest = value;
    while (rest > 0x7f) {
      encoded[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    encoded[size++] = (byte) rest;
  }

  private final class Scan {

    private int at;
    private long position;
    private long rows;
    private long bytes;

    boolean next() {
      if (at == size) {
        return false;
      }
      position += varint();
      rows = varint();
      bytes = varint();
      return true;
    }

    private long varint() {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = encoded[at++];
        value |= (next & 0x7fL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }
  }
}
