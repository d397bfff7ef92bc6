package io.sluice.wal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * The first 4 KiB of a segment, forced before the file gets a live name; integers little-endian.
 *
 * <pre>
 *    0 magic "SLUICWAL"       32 number u64            64 predecessor u64 (0 = none)
 *    8 version u32            40 file length u64       72 predecessor's valid end u64
 *   12 nonce u32              48 first position u64    80 zeros
 *   16 log id, 16 bytes       56 log time u64, micros  4092 CRC32C u32 of all before
 * </pre>
 *
 * @param firstPosition of the first record that was or will be written here
 * @param logTimeMicros the log's time when the segment was begun
 * @param predecessorEnd where the predecessor is read up to; bytes behind it never were part of it
 */
record SegmentHeader(
    UUID logId,
    long number,
    long length,
    long firstPosition,
    long logTimeMicros,
    int nonce,
    long predecessor,
    long predecessorEnd) {
  static final int BYTES = 4096;
  static final int VERSION = 1;

  private static final long MAGIC = 0x4c41574349554c53L;
  private static final int CRC_AT = BYTES - Integer.BYTES;

  ByteBuffer encode() {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.BIG_ENDIAN);
    bytes.putLong(16, logId.getMostSignificantBits());
    bytes.putLong(24, logId.getLeastSignificantBits());
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0, MAGIC).putInt(8, VERSION).putInt(12, nonce);
    bytes.putLong(32, number).putLong(40, length);
    bytes.putLong(48, firstPosition).putLong(56, logTimeMicros);
    bytes.putLong(64, predecessor).putLong(72, predecessorEnd);
    return bytes.putInt(CRC_AT, crc(bytes));
  }

  /**
   * @param bytes from 0 to limit: the file's first 4 KiB, or fewer if it is shorter
   * @throws CorruptLogException not a header
   * @throws LogVersionException a header of another release
   */
  static SegmentHeader decode(String file, ByteBuffer bytes)
      throws CorruptLogException, LogVersionException {
    if (bytes.limit() < BYTES) {
      throw new CorruptLogException(
          file, 0, "a header of " + BYTES + " bytes", bytes.limit() + " bytes");
    }
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.getLong(0) != MAGIC) {
      throw CorruptLogException.of(file, 0, "magic", MAGIC, bytes.getLong(0));
    }
    int crc = crc(bytes);
    if (bytes.getInt(CRC_AT) != crc) {
      throw CorruptLogException.of(
          file,
          CRC_AT,
          "header CRC",
          Integer.toUnsignedLong(crc),
          Integer.toUnsignedLong(bytes.getInt(CRC_AT)));
    }
    if (bytes.getInt(8) != VERSION) {
      throw new LogVersionException(file, VERSION, bytes.getInt(8));
    }
    long number = bytes.getLong(32);
    long length = bytes.getLong(40);
    bytes.order(ByteOrder.BIG_ENDIAN);
    UUID logId = new UUID(bytes.getLong(16), bytes.getLong(24));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    return new SegmentHeader(
        logId,
        number,
        length,
        bytes.getLong(48),
        bytes.getLong(56),
        bytes.getInt(12),
        bytes.getLong(64),
        bytes.getLong(72));
  }

  /** The same, with a predecessor that ends there. */
  SegmentHeader after(long newPredecessorEnd) {
    return new SegmentHeader(
        logId, number, length, firstPosition, logTimeMicros, nonce, predecessor, newPredecessorEnd);
  }

  String fileName() {
    return SegmentName.live(number);
  }

  private static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate().position(0).limit(CRC_AT));
    return (int) crc.getValue();
  }
}
