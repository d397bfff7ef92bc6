package io.sluice.wal;

import java.nio.file.Path;

/**
 * What an operator decides about a local log; all sizes in bytes.
 *
 * @param directory holds nothing but this log
 * @param segmentBytes length of a segment file, a multiple of 4 KiB
 * @param maxBytes the disk budget: live and spare segments together
 * @param maxGroupBytes how much is written before one force; a larger record goes alone
 * @param maxSpares released segments kept for use anew at most; more are deleted in the background,
 *     as are those that are not used for some minutes
 */
public record WalConfig(
    Path directory, long segmentBytes, long maxBytes, int maxGroupBytes, int maxSpares) {
  /** One that is written, one to go on with, one that the next start needs. */
  static final int MIN_SEGMENTS = 3;

  private static final long SEGMENT_BYTES = 64L << 20;
  private static final long MIN_SEGMENT_BYTES = 4L * SegmentHeader.BYTES;

  public WalConfig {
    if (segmentBytes < MIN_SEGMENT_BYTES || segmentBytes % SegmentHeader.BYTES != 0) {
      throw new IllegalArgumentException(
          "cannot use wal.segment-bytes %d: it must be a multiple of %d and at least %d"
              .formatted(segmentBytes, SegmentHeader.BYTES, MIN_SEGMENT_BYTES));
    }
    if (maxBytes < MIN_SEGMENTS * segmentBytes) {
      throw new IllegalArgumentException(
          "cannot use wal.max-bytes %d: at least %d segments of %d bytes are needed (raise it)"
              .formatted(maxBytes, MIN_SEGMENTS, segmentBytes));
    }
    if (maxGroupBytes < RecordHeader.BYTES || maxSpares < 1) {
      throw new IllegalArgumentException(
          "cannot use group size %d with %d spares: both must be positive"
              .formatted(maxGroupBytes, maxSpares));
    }
  }

  /** 64 MiB segments, groups of at most 4 MiB, as many spares as there were live ones. */
  public static WalConfig of(Path directory, long maxBytes) {
    return new WalConfig(
        directory, SEGMENT_BYTES, maxBytes, 4 << 20, (int) (maxBytes / SEGMENT_BYTES));
  }
}
