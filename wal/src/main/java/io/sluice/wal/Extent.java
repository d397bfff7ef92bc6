package io.sluice.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Which segments there must be at least, so that one that is gone from either end is missed;
 * integers little-endian.
 *
 * <pre>
 *    0 magic "SLUIEXTN"       32 generation u64        64 newest segment u64
 *    8 version u32            40 known position u64    72 the newest's length u64
 *   12 zeros u32              48 first segment u64     80 CRC32C u32 of all before
 *   16 log id, 16 bytes       56 its first position    84 zeros u32
 * </pre>
 *
 * @param generation of two copies the higher holds
 * @param known every position up to it was forced
 * @param first no segment from here to the newest was released
 * @param firstPosition of the first segment
 */
record Extent(
    UUID logId,
    long generation,
    long known,
    long first,
    long firstPosition,
    long newest,
    long newestLength) {
  static final int BYTES = 88;

  private static final int VERSION = 1;
  private static final long MAGIC = 0x4e54584549554c53L;
  private static final int CRC_AT = 80;

  /** Puts it at {@code at}. */
  void encode(ByteBuffer to, int at) {
    ByteBuffer bytes = to.slice(at, BYTES).order(ByteOrder.BIG_ENDIAN);
    bytes.putLong(16, logId.getMostSignificantBits());
    bytes.putLong(24, logId.getLeastSignificantBits());
    bytes.order(ByteOrder.LITTLE_ENDIAN).putLong(0, MAGIC).putInt(8, VERSION);
    bytes.putLong(32, generation).putLong(40, known).putLong(48, first);
    bytes.putLong(56, firstPosition).putLong(64, newest).putLong(72, newestLength);
    bytes.putInt(CRC_AT, crc(bytes));
  }

  /**
   * Null if these bytes are none.
   *
   * @throws LogVersionException of another release
   */
  static @Nullable Extent decode(ByteBuffer from, int at) throws LogVersionException {
    if (from.limit() < at + BYTES) {
      return null;
    }
    ByteBuffer bytes = from.slice(at, BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getLong(0) != MAGIC || bytes.getInt(CRC_AT) != crc(bytes)) {
      return null;
    }
    if (bytes.getInt(8) != VERSION) {
      throw new LogVersionException(ExtentFile.NAME, VERSION, bytes.getInt(8));
    }
    bytes.order(ByteOrder.BIG_ENDIAN);
    UUID logId = new UUID(bytes.getLong(16), bytes.getLong(24));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    return new Extent(
        logId,
        bytes.getLong(32),
        bytes.getLong(40),
        bytes.getLong(48),
        bytes.getLong(56),
        bytes.getLong(64),
        bytes.getLong(72));
  }

  /** What it becomes when the log's oldest segment is now this one. */
  Extent beginningAt(SegmentHeader oldest) {
    return new Extent(
        logId,
        generation + 1,
        known,
        oldest.number(),
        oldest.firstPosition(),
        newest,
        newestLength);
  }

  /** What it becomes when this segment is the newest. */
  Extent endingAt(SegmentHeader last) {
    return new Extent(
        logId,
        generation + 1,
        Math.max(known, last.firstPosition() - 1),
        first,
        firstPosition,
        last.number(),
        last.length());
  }

  /** What it becomes when every position up to {@code position} was forced. */
  Extent knowing(long position) {
    return new Extent(logId, generation + 1, position, first, firstPosition, newest, newestLength);
  }

  /** No position can have been given above it. */
  long highestPossible() {
    return known + newestLength / RecordHeader.BYTES;
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(CRC_AT));
    return (int) crc.getValue();
  }
}
