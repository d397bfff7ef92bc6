package io.sluice.wal;

import java.util.List;

/**
 * Whether a record may be taken: arithmetic over what is on disk, what waits and what may yet be
 * made, so that neither the budget's nor the disk's end is met by the writing thread. Errs on the
 * safe side by up to two segments while records wait. Thread-safe.
 *
 * <p>A restart begins a segment even when the log is full, and the next one another before it can
 * recycle the first: {@link #RESERVE} segments are never given to records.
 */
final class DiskBudget {
  private static final int RESERVE = 2;

  private final long segmentBytes;
  private final long maxBytes;
  private long liveBytes;
  private long releasedBytes;
  private long spareBytes;
  private long diskBytes;
  private long activeRemaining;
  private long pendingBytes;
  private long pendingLargeBytes;
  private int pendingLarge;

  DiskBudget(long segmentBytes, long maxBytes) {
    this.segmentBytes = segmentBytes;
    this.maxBytes = maxBytes;
  }

  /** What a record takes at most: itself, its stream, a mark, headers and padding. */
  static long worstCase(LogRecord record) {
    return RecordHeader.BYTES
        + RecordHeader.recordBytes(record.stream().length)
        + RecordHeader.recordBytes(record.payloadBytes());
  }

  /** The length of a segment that holds {@code worstCase} bytes of records. */
  static long segmentFor(long worstCase, long segmentBytes) {
    long needed = SegmentHeader.BYTES + worstCase;
    long pages = (needed + SegmentHeader.BYTES - 1) / SegmentHeader.BYTES;
    return Math.max(segmentBytes, pages * SegmentHeader.BYTES);
  }

  /** False: there may be no room. True: the room is the record's until {@link #placed}. */
  synchronized boolean tryReserve(long worstCase) {
    reserve(worstCase, 1);
    if (fits()) {
      return true;
    }
    reserve(worstCase, -1);
    return false;
  }

  private void reserve(long worstCase, int sign) {
    long length = segmentFor(worstCase, segmentBytes);
    if (length > segmentBytes) {
      pendingLargeBytes += sign * length;
      pendingLarge += sign;
    } else {
      pendingBytes += sign * worstCase;
    }
  }

  /** Two neighbours that did not share a segment fill more than one: hence twice, and one more. */
  private boolean fits() {
    return missing() <= 0;
  }

  private long missing() {
    long segments = RESERVE;
    if (pendingLarge > 0 || pendingBytes > activeRemaining) {
      long capacity = segmentBytes - SegmentHeader.BYTES;
      segments += pendingLarge + (pendingBytes == 0 ? 0 : 1 + 2 * pendingBytes / capacity);
    }
    long bytes = segments * segmentBytes + pendingLargeBytes;
    return bytes - left();
  }

  /** What segments may yet take, those of the reserve among it. */
  private long left() {
    return Math.min(maxBytes - liveBytes, spareBytes + diskBytes);
  }

  /** The end of each segment that its next record does not fit into is not seen here. */
  private long room() {
    long segments = left() - RESERVE * segmentBytes - pendingLargeBytes;
    return segments < 0 ? 0 : Math.max(0, segments + activeRemaining - pendingBytes);
  }

  /** How much must be released until such a record is taken. */
  synchronized long missing(long worstCase) {
    reserve(worstCase, 1);
    long missing = missing();
    reserve(worstCase, -1);
    return Math.max(0, missing);
  }

  /** The records are in a segment. */
  synchronized void placed(List<LogRecord> records) {
    for (LogRecord record : records) {
      reserve(worstCase(record), -1);
    }
  }

  synchronized void activeRemaining(long bytes) {
    activeRemaining = bytes;
  }

  synchronized void addLive(long bytes) {
    liveBytes += bytes;
    releasedBytes += Math.max(0, -bytes);
  }

  synchronized void addSpare(long bytes) {
    spareBytes += bytes;
  }

  /** A new file is there: its room is not the disk's any more, whenever that was last asked. */
  synchronized void madeSpare(long bytes) {
    spareBytes += bytes;
    diskBytes = Math.max(0, diskBytes - bytes);
  }

  /** What the disk said it could still hold, when it was last asked; 0 after it was found full. */
  synchronized void diskHas(long bytes) {
    diskBytes = bytes;
  }

  synchronized boolean mayMake(long bytes) {
    return liveBytes + spareBytes + bytes <= maxBytes;
  }

  synchronized LogUsage usage() {
    long capacity = (maxBytes / segmentBytes - RESERVE) * segmentBytes;
    return new LogUsage(liveBytes, spareBytes, maxBytes, capacity, releasedBytes, room());
  }
}
