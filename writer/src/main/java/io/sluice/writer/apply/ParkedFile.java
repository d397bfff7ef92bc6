package io.sluice.writer.apply;

import io.sluice.wal.LogRecord;
import io.sluice.writer.buffer.ParkedRange;
import io.sluice.writer.buffer.ParkedRowsException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The records of a parked set, as the log had them, without those that are repeats as a whole.
 *
 * <pre>
 * header 80: magic u64 | version u32 | 0 u32 | log id 16 | from u64 | to u64 | last row u64
 *            | rows u64 | bytes u64 | CRC32C of the 72 bytes before u32 | 0 u32
 * record:    position u64 | log time u64 | payload length u32 | stream length u32 (0: that of the
 *            record before) | voids u32 | flags u32 (1 = body is zstd) | CRC32C of what follows u32
 *            | CRC32C of the 36 bytes before u32 | stream | ordinals of repeats u32 each | payload
 * end:       a record's head with position 0, the number of records as log time, and no more
 *                                                                                (little-endian)
 * </pre>
 */
final class ParkedFile {

  private static final long MAGIC = 0x44454b5241504c53L; // "SLPARKED"
  private static final int VERSION = 1;
  private static final int HEADER = 80;
  private static final int HEAD = 40;
  private static final int ZSTD = 1;

  /** One record. */
  static final class Entry {
    private final long position;
    private final int[] voids;
    private final ByteBuffer payload;

    private Entry(long position, int[] voids, ByteBuffer payload) {
      this.position = position;
      this.voids = voids;
      this.payload = payload;
    }

    long position() {
      return position;
    }

    /** Whether a batch of it does not count. */
    boolean isVoid(int ordinal) {
      return Arrays.binarySearch(voids, ordinal) >= 0;
    }

    ByteBuffer payload() {
      return payload.duplicate();
    }
  }

  /** Writes a file from its begin to its end. One thread. */
  static final class Writer {

    private final Directory.Out out;
    private byte @Nullable [] stream;
    private long records;

    Writer(Directory.Out out, UUID logId, ParkedRange range) throws IOException {
      this.out = out;
      ByteBuffer header = allocate(HEADER).putLong(MAGIC).putInt(VERSION).putInt(0);
      header.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
      header.putLong(range.from()).putLong(range.to()).putLong(range.lastRow());
      header.putLong(range.rows()).putLong(range.bytes());
      out.write(header.putInt(crc(header, HEADER - 8)).putInt(0).flip());
    }

    void add(LogRecord record, int[] voids) throws IOException {
      byte[] own = record.stream() == stream ? new byte[0] : record.stream();
      stream = record.stream();
      ByteBuffer payload = record.payload();
      ByteBuffer before = allocate(own.length + 4 * voids.length).put(own);
      for (int ordinal : voids) {
        before.putInt(ordinal);
      }
      before.flip();
      CRC32C crc = new CRC32C();
      crc.update(before.duplicate());
      crc.update(payload.duplicate());
      ByteBuffer head = allocate(HEAD).putLong(record.position()).putLong(record.logTimeMicros());
      head.putInt(payload.remaining()).putInt(own.length).putInt(voids.length);
      head.putInt(record.zstd() ? ZSTD : 0).putInt((int) crc.getValue());
      out.write(head.putInt(crc(head, HEAD - 4)).flip());
      out.write(before);
      out.write(payload);
      records++;
    }

    void end() throws IOException {
      ByteBuffer head = allocate(HEAD).putLong(0).putLong(records).putLong(0).putLong(0).putInt(0);
      out.write(head.putInt(crc(head, HEAD - 4)).flip());
    }
  }

  /** Reads a file from its begin; whatever is damaged is said with file and offset. One thread. */
  static final class Reader implements AutoCloseable {

    private final String name;
    private final InputStream in;
    private final UUID logId;
    private final ParkedRange range;
    private long offset;
    private long records;

    Reader(ReadableByteChannel file, String name) throws IOException {
      this.name = name;
      this.in = new BufferedInputStream(Channels.newInputStream(file), 1 << 16);
      ByteBuffer header = next(HEADER);
      require(0, "magic", MAGIC, header.getLong(0));
      require(8, "version", VERSION, header.getInt(8));
      require(HEADER - 8, "header CRC", crc(header, HEADER - 8), header.getInt(HEADER - 8));
      require(HEADER - 4, "padding", 0, header.getInt(HEADER - 4));
      logId = new UUID(header.getLong(16), header.getLong(24));
      range =
          new ParkedRange(
              header.getLong(32),
              header.getLong(40),
              header.getLong(48),
              header.getLong(56),
              header.getLong(64));
    }

    UUID logId() {
      return logId;
    }

    ParkedRange range() {
      return range;
    }

    /** Null at the end. */
    @Nullable Entry read() throws IOException {
      long at = offset;
      ByteBuffer head = next(HEAD);
      require(at, "record CRC", crc(head, HEAD - 4), head.getInt(HEAD - 4));
      long position = head.getLong(0);
      if (position == 0) {
        require(at, "records", records, head.getLong(8));
        return null;
      }
      int payloadLength = head.getInt(16);
      int streamLength = head.getInt(20);
      int voidCount = head.getInt(24);
      ByteBuffer body = next(streamLength + 4 * voidCount + payloadLength);
      require(at, "content CRC", crc(body, body.limit()), head.getInt(32));
      body.position(streamLength);
      int[] voids = new int[voidCount];
      for (int i = 0; i < voidCount; i++) {
        voids[i] = body.getInt();
      }
      records++;
      return new Entry(position, voids, body.slice());
    }

    private ByteBuffer next(int length) throws IOException {
      byte[] bytes = in.readNBytes(length);
      if (bytes.length < length) {
        throw new ParkedRowsException(
            "cannot read parked rows: %s ends at offset %d".formatted(name, offset + bytes.length));
      }
      offset += length;
      return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void require(long at, String what, long expected, long actual) throws IOException {
      if (expected != actual) {
        throw new ParkedRowsException(
            "cannot read parked rows: %s at offset %d: %s: expected %x, found %x"
                .formatted(name, at, what, expected, actual));
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private static ByteBuffer allocate(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(ByteBuffer buffer, int length) {
    CRC32C crc = new CRC32C();
    crc.update(buffer.array(), buffer.arrayOffset(), length);
    return (int) crc.getValue();
  }

  private ParkedFile() {}
}
