package io.sluice.wal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Where the newest segment ends, decided by its bytes alone. Un-forced pages survive a power cut in
 * any order, so a valid record behind a bad one proves nothing by itself. What proves corruption is
 * a later header that says a higher position than the last good one had been forced.
 *
 * @param end where the valid records end
 * @param unforcedFrom records from here on may be in the page cache only
 * @param lastPosition of the last valid record
 * @param tail why the bytes at {@code end} are no record; null if the file is full
 */
record TailScan(
    long end, long unforcedFrom, long lastPosition, long logTimeMicros, @Nullable Damage tail) {
  /**
   * @throws CorruptLogException something that was forced is damaged
   */
  static TailScan of(Storage.StorageFile file, SegmentHeader segment) throws IOException {
    SegmentReader reader = new SegmentReader(file, segment, new StreamInterner());
    long unforcedFrom = SegmentHeader.BYTES;
    long logTime = segment.logTimeMicros();
    long forced = segment.firstPosition() - 1;
    RecordHeader header = reader.next(segment.length());
    while (header != null) {
      if (header.forcedUpTo() > forced) {
        forced = header.forcedUpTo();
        unforcedFrom = reader.recordAt();
      }
      logTime = Math.max(logTime, header.logTimeMicros());
      header = reader.next(segment.length());
    }
    Damage damage = reader.damage();
    if (damage != null) {
      proveTorn(file, segment, damage, reader.lastPosition());
    }
    return new TailScan(reader.offset(), unforcedFrom, reader.lastPosition(), logTime, damage);
  }

  /** Whether there is anything of this segment behind its end: a torn write, not merely its end. */
  boolean isTorn(Storage.StorageFile file, SegmentHeader segment) throws IOException {
    return tail != null && search(file, segment, end, Long.MIN_VALUE) != null;
  }

  private static void proveTorn(
      Storage.StorageFile file, SegmentHeader segment, Damage damage, long last)
      throws IOException {
    RecordHeader proof = search(file, segment, damage.offset(), last);
    if (proof != null) {
      throw new CorruptLogException(
          segment.fileName(),
          damage.offset(),
          "%s (a later record knows position %d forced)"
              .formatted(damage.expected(), proof.forcedUpTo()),
          damage.actual());
    }
  }

  /** A header at or behind {@code from} that knows a position above {@code last} as forced. */
  static @Nullable RecordHeader search(
      Storage.StorageFile file, SegmentHeader segment, long from, long last) throws IOException {
    RecordSearch.Found found =
        new RecordSearch(file, segment.length())
            .first(
                segment.nonce(),
                from,
                segment.length(),
                header -> header.forcedUpTo() > last && header.position() > last);
    return found == null ? null : found.header();
  }
}
