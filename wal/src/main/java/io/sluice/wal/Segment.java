package io.sluice.wal;

/**
 * A live segment. The writing thread moves its end, after the force; cursors read it. Pins belong
 * to {@link SegmentList}.
 */
final class Segment {
  private final SegmentHeader header;
  private volatile long end;
  private volatile long lastPosition;
  private volatile boolean closed;
  private int pins;

  private Segment(SegmentHeader header, long end, long lastPosition, boolean closed) {
    this.header = header;
    this.end = end;
    this.lastPosition = lastPosition;
    this.closed = closed;
  }

  /** One that is about to be written. */
  static Segment begun(SegmentHeader header) {
    return new Segment(header, SegmentHeader.BYTES, header.firstPosition() - 1, false);
  }

  /** One that an earlier process wrote. */
  static Segment found(SegmentHeader header, long end, long lastPosition) {
    return new Segment(header, end, lastPosition, true);
  }

  void forced(long newEnd, long newLastPosition) {
    lastPosition = newLastPosition;
    end = newEnd;
  }

  void close() {
    closed = true;
  }

  SegmentHeader header() {
    return header;
  }

  /** Every byte before it was forced. Final once {@link #isClosed} has been seen true. */
  long end() {
    return end;
  }

  /** Of the last forced record; one less than the first position if there is none. */
  long lastPosition() {
    return lastPosition;
  }

  boolean isClosed() {
    return closed;
  }

  void pin() {
    pins++;
  }

  void unpin() {
    pins--;
  }

  boolean isPinned() {
    return pins > 0;
  }
}
