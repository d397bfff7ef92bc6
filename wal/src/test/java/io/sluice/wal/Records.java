package io.sluice.wal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Records whose payload tells which append made them: an id, then bytes that follow from it. */
final class Records {
  static final byte[] STREAM = "stream: default/traces".getBytes(StandardCharsets.UTF_8);

  private Records() {}

  static LogRecord of(long id, int bytes) {
    return of(STREAM, id, bytes, null);
  }

  static LogRecord of(
      byte[] stream, long id, int bytes, LogRecord.@Nullable Attachment attachment) {
    return record(stream, payload(id, bytes), attachment);
  }

  static LogRecord record(
      byte[] stream, ByteBuffer payload, LogRecord.@Nullable Attachment attachment) {
    CRC32C crc = new CRC32C();
    crc.update(payload.duplicate());
    return new LogRecord(stream, payload, (int) crc.getValue(), (id(payload) & 1) == 1, attachment);
  }

  /** Direct, because that is what the network hands over. */
  static ByteBuffer payload(long id, int bytes) {
    byte[] content = new byte[Math.max(bytes, Long.BYTES)];
    new Random(id).nextBytes(content);
    return ByteBuffer.allocateDirect(content.length).put(content).putLong(0, id).flip();
  }

  static long id(ByteBuffer payload) {
    return payload.getLong(payload.position());
  }

  /** The id, after comparing every byte with what was appended under it. */
  static long checkedId(LogRecord record) {
    ByteBuffer payload = record.payload();
    long id = id(payload);
    if (!payload.equals(payload(id, payload.remaining()))) {
      throw new AssertionError("payload of append " + id + " is not what was appended");
    }
    if (record.zstd() != ((id & 1) == 1)) {
      throw new AssertionError("flags of append " + id + " are not what was appended");
    }
    return id;
  }
}
