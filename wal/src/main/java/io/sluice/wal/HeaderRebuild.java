package io.sluice.wal;

import java.io.IOException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Makes a segment's header anew from its name, its records and the segment before it. */
final class HeaderRebuild {

  private static final long ROOM_FOR_A_HOLE = SegmentHeader.BYTES + RecordHeader.BYTES;

  /** The segment before it, as far as it could be read; all 0: there is none. */
  record Before(long number, long end, long lastPosition) {
    static final Before NOTHING = new Before(0, SegmentHeader.BYTES, 0);
  }

  private HeaderRebuild() {}

  /**
   * Null if the file holds no record that can be this segment's: an older life's are of lower
   * positions.
   *
   * @param length of the segment
   * @param extent null if it is not known
   */
  static @Nullable SegmentHeader of(
      Storage.StorageFile file,
      long number,
      long length,
      UUID logId,
      Before before,
      @Nullable Extent extent)
      throws IOException {
    long least = before.lastPosition();
    boolean positionKnown = before.number() > 0 || number == 1; // segment 1 begins with position 1
    if (before.number() == 0 && extent != null && extent.first() == number) {
      least = extent.firstPosition() - 1;
      positionKnown = true;
    }
    long last = least;
    RecordSearch.Found found =
        new RecordSearch(file, length)
            .first(
                null,
                SegmentHeader.BYTES,
                length,
                header ->
                    header.position() >= (header.type() == RecordHeader.BATCHES ? last + 1 : last));
    if (found == null) {
      return null;
    }
    RecordHeader record = found.header();
    boolean isFirst = found.offset() == SegmentHeader.BYTES;
    long firstPosition =
        isFirst || !positionKnown
            ? record.position() + (record.type() == RecordHeader.BATCHES ? 0 : 1)
            : last + 1;
    boolean follows =
        before.number() > 0 && (firstPosition == last + 1 || before.number() == number - 1);
    return new SegmentHeader(
        logId,
        number,
        length,
        firstPosition,
        record.logTimeMicros(),
        found.nonce(),
        follows ? before.number() : number - 1,
        follows ? before.end() : ROOM_FOR_A_HOLE);
  }

  /** What the first record of a segment says was forced before the segment; 0: nothing. */
  static long knownBefore(Storage.StorageFile file, long length) throws IOException {
    long from = SegmentHeader.BYTES;
    RecordSearch.Found first =
        new RecordSearch(file, length)
            .first(null, from, from + RecordHeader.BYTES, header -> header.position() > 0);
    if (first == null) {
      return 0;
    }
    RecordHeader record = first.header();
    return record.type() == RecordHeader.STREAM ? record.position() : record.position() - 1;
  }
}
