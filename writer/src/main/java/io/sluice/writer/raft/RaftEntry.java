package io.sluice.writer.raft;

import io.sluice.wal.LogRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * A record as the data of a Raft entry; each is readable by itself. Little-endian:
 *
 * <pre>
 * version u8 = 1 | kind u8 (1 batches, 2 note) | flags u8 (1 = body is zstd) | 0 u8
 * head length u32 | log time u64 µs | payload CRC32C u32 | payload length u32
 * head, zstd (the stream's first message; none of a note) | payload
 * </pre>
 */
final class RaftEntry {

  private static final int HEADER = 24;
  private static final byte VERSION = 1;
  private static final byte BATCHES = 1;
  private static final byte NOTE = 2;
  private static final int ZSTD = 1;

  private final StreamHeadPack heads;

  RaftEntry(StreamHeadPack heads) {
    this.heads = heads;
  }

  /** Bytes that an entry of the record takes, but for what Raft adds. */
  int size(LogRecord record) {
    byte[] head = record.isNote() ? record.stream() : heads.pack(record.stream());
    return HEADER + head.length + record.payload().remaining();
  }

  /** All but its time, which is put in when its place is known. */
  byte[] encode(LogRecord record) {
    byte[] head = record.isNote() ? record.stream() : heads.pack(record.stream());
    ByteBuffer payload = record.payload();
    byte[] bytes = new byte[HEADER + head.length + payload.remaining()];
    ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put(VERSION).put(record.isNote() ? NOTE : BATCHES);
    out.put((byte) (record.zstd() ? ZSTD : 0)).put((byte) 0);
    out.putInt(head.length).putLong(0).putInt(record.payloadCrc()).putInt(payload.remaining());
    out.put(head).put(payload);
    return bytes;
  }

  /** Puts the time in; the bytes are not the caller's any more. */
  static ByteString at(byte[] bytes, long logTimeMicros) {
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(8, logTimeMicros);
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  static long logTimeMicros(ByteString data) {
    return data.asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN).getLong(8);
  }

  /**
   * @throws IOException not an entry of ours, or of a newer release, or damaged
   */
  LogRecord decode(ByteString data, long position) throws IOException {
    ByteBuffer in = data.asReadOnlyByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    if (in.remaining() < HEADER) {
      throw new IOException("cannot read position %d of the log: its length".formatted(position));
    }
    byte kind = in.get(1);
    int flags = in.get(2);
    if (in.get(0) != VERSION || (kind != BATCHES && kind != NOTE) || (flags & ~ZSTD) != 0) {
      throw new IOException(
          "cannot read position %d of the log: version %d, kind %d, flags %d (a newer release wrote it: run that)"
              .formatted(position, in.get(0), kind, flags));
    }
    boolean zstd = flags == ZSTD;
    int headBytes = in.getInt(4);
    long logTime = in.getLong(8);
    int crc = in.getInt(16);
    int payloadBytes = in.getInt(20);
    if (headBytes < 0 || payloadBytes != in.remaining() - HEADER - headBytes) {
      throw new IOException("cannot read position %d of the log: its lengths".formatted(position));
    }
    ByteBuffer payload = in.slice(HEADER + headBytes, payloadBytes);
    CRC32C found = new CRC32C();
    found.update(payload.duplicate());
    if ((int) found.getValue() != crc) {
      throw new IOException("cannot read position %d of the log: its CRC".formatted(position));
    }
    LogRecord record =
        kind == NOTE
            ? LogRecord.note(payload, null)
            : new LogRecord(heads.unpack(in.slice(HEADER, headBytes)), payload, crc, zstd, null);
    record.place(position, logTime);
    return record;
  }
}
