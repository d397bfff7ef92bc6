package io.sluice.wal;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The 48 bytes before a record's payload; little-endian, aligned to 8. The payload follows, then
 * zeros up to the next multiple of 8.
 *
 * <pre>
 *    0 nonce u32, the segment's    8 payload length u32     32 log time u64, micros
 *    4 header length u16 = 48     12 payload CRC32C u32     40 stream u32
 *    6 type u8                    16 position u64           44 CRC32C u32 of all before
 *    7 flags u8 (1 = zstd)        24 forced-up-to u64
 * </pre>
 *
 * <p>A hole stands where a repair found no readable records: the positions after that of the record
 * before it up to its own are lost. Its payload means nothing. It was forced when it was written.
 *
 * @param type 1 stream, 2 batches, 3 mark, 4 hole
 * @param position of a batches record; streams and marks take none and repeat that of the last one
 *     before; of a hole the last that it lost
 * @param forcedUpTo every position up to this one had been forced when the record was written
 * @param stream number of the stream within the segment, from 1; 0 in a mark
 */
record RecordHeader(
    int type,
    int flags,
    int payloadLength,
    int payloadCrc,
    long position,
    long forcedUpTo,
    long logTimeMicros,
    int stream) {
  static final int BYTES = 48;
  static final int ALIGNMENT = 8;

  static final int STREAM = 1;
  static final int BATCHES = 2;
  static final int MARK = 3;
  static final int HOLE = 4;
  static final int ZSTD = 1;

  /** What a record with header and padding can be addressed with. */
  static final int MAX_PAYLOAD = Integer.MAX_VALUE - 2 * BYTES;

  private static final int CRC_AT = BYTES - Integer.BYTES;

  /** What a record takes in a segment, with header and padding. */
  static long recordBytes(int payloadLength) {
    return BYTES + payloadLength + (long) padding(payloadLength);
  }

  static int padding(int payloadLength) {
    return -payloadLength & (ALIGNMENT - 1);
  }

  /** Writes at the position of {@code dst} and moves it; {@code view} is a duplicate of it. */
  void write(ByteBuffer dst, ByteBuffer view, int nonce, CRC32C crc) {
    int at = dst.position();
    dst.putInt(nonce).putShort((short) BYTES).put((byte) type).put((byte) flags);
    dst.putInt(payloadLength).putInt(payloadCrc);
    dst.putLong(position).putLong(forcedUpTo).putLong(logTimeMicros).putInt(stream);
    dst.putInt(crc(view, at, crc));
  }

  /** Null when these are not the 48 bytes of a header with this nonce. */
  static @Nullable RecordHeader read(ByteBuffer src, int at, int nonce, CRC32C crc) {
    if (src.getInt(at) != nonce
        || src.getShort(at + 4) != BYTES
        || src.getInt(at + CRC_AT) != crc(src.duplicate(), at, crc)) {
      return null;
    }
    RecordHeader header =
        new RecordHeader(
            src.get(at + 6),
            src.get(at + 7),
            src.getInt(at + 8),
            src.getInt(at + 12),
            src.getLong(at + 16),
            src.getLong(at + 24),
            src.getLong(at + 32),
            src.getInt(at + 40));
    boolean known = header.type >= STREAM && header.type <= HOLE;
    boolean possible = header.payloadLength >= 0 && header.payloadLength <= MAX_PAYLOAD;
    return known && possible ? header : null;
  }

  /** What a damaged log is told to hold. */
  String describe() {
    String kind =
        switch (type) {
          case STREAM -> "a stream record";
          case BATCHES -> "a batches record";
          case HOLE -> "a hole";
          default -> "a mark";
        };
    return "%s of position %d, %d bytes".formatted(kind, position, totalBytes());
  }

  long totalBytes() {
    return recordBytes(payloadLength);
  }

  private static int crc(ByteBuffer view, int at, CRC32C crc) {
    crc.reset();
    crc.update(view.limit(at + CRC_AT).position(at));
    return (int) crc.getValue();
  }
}
