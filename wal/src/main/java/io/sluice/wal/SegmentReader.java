package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of one segment in order and checks all there is to check, but for what the
 * payloads of records hold that nobody wants. Not thread-safe. Its memory is one buffer, as large
 * as the largest record it met.
 */
final class SegmentReader implements Closeable {
  private static final int WINDOW_BYTES = 1 << 20;

  /** Where the records that are passed are long, no more than this is read with a header. */
  private static final int PEEK_BYTES = 4 << 10;

  private static final int LONG_BYTES = 32 << 10;
  private static final int SHOWN_BYTES = 8;

  private final Storage.StorageFile file;
  private final SegmentHeader segment;
  private final StreamInterner interner;
  private final Wanted wanted;
  private final Map<Integer, Stream> streams = new HashMap<>();
  private final CRC32C crc = new CRC32C();
  private ByteBuffer window;
  private long windowAt;
  private long offset = SegmentHeader.BYTES;
  private long recordAt = SegmentHeader.BYTES;
  private long lastPosition;
  private long lost;
  private @Nullable Damage damage;
  private @Nullable RecordHeader unpadded;
  private long passedBytes = 2 * LONG_BYTES; // of a record that is passed: a moving average

  /**
   * Which batches records somebody wants; the others are passed by their headers.
   *
   * @param from the lowest position
   * @param stream asked once for each stream of a segment
   */
  record Wanted(long from, Predicate<byte[]> stream, boolean isOfAllStreams) {
    /** All of them from that position on. */
    static Wanted from(long position) {
      return new Wanted(position, stream -> true, true);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // the interned array: told by identity
  private record Stream(byte[] bytes, boolean isWanted) {}

  SegmentReader(Storage.StorageFile file, SegmentHeader segment, StreamInterner interner) {
    this(file, segment, interner, Wanted.from(0));
  }

  SegmentReader(
      Storage.StorageFile file, SegmentHeader segment, StreamInterner interner, Wanted wanted) {
    this.file = file;
    this.segment = segment;
    this.interner = interner;
    this.wanted = wanted;
    this.lastPosition = segment.firstPosition() - 1;
    this.window = window((int) Math.min(WINDOW_BYTES, segment.length()));
  }

  /**
   * The next record that ends at or before {@code end}; null at the end or where the bytes are no
   * record, and then {@link #damage} says so.
   */
  @Nullable RecordHeader next(long end) throws IOException {
    recordAt = offset;
    if (offset >= end || damage != null) {
      return null;
    }
    RecordHeader header = end - offset < RecordHeader.BYTES ? null : header(end);
    if (header == null) {
      damage = damaged("a record after position " + lastPosition, bytes(offset, end));
      return null;
    }
    damage = mismatch(header, end);
    if (damage != null) {
      return null;
    }
    accept(header);
    return header;
  }

  private void accept(RecordHeader header) {
    if (header.type() == RecordHeader.STREAM) {
      byte[] stream = new byte[header.payloadLength()];
      payload(header).get(stream);
      byte[] one = interner.intern(stream);
      streams.put(header.stream(), new Stream(one, wanted.stream().test(one)));
    } else if (header.type() == RecordHeader.BATCHES) {
      lastPosition = header.position();
    } else if (header.type() == RecordHeader.HOLE) {
      lost += header.position() - lastPosition;
      lastPosition = header.position();
    }
    if (isPassed(header)) {
      passedBytes += (header.totalBytes() - passedBytes) / 8;
    }
    offset += header.totalBytes();
  }

  private int ahead() {
    return wanted.isOfAllStreams() || passedBytes < LONG_BYTES ? WINDOW_BYTES : PEEK_BYTES;
  }

  /** Whether it is a batches record that nobody wants: its payload was not read. */
  boolean isPassed(RecordHeader header) {
    if (header.type() != RecordHeader.BATCHES) {
      return false;
    }
    Stream stream = streams.get(header.stream());
    return header.position() < wanted.from() || stream == null || !stream.isWanted();
  }

  private @Nullable RecordHeader header(long end) throws IOException {
    int at = load(offset, RecordHeader.BYTES, Math.min(end, offset + ahead()));
    return at < 0 ? null : RecordHeader.read(window, at, segment.nonce(), crc);
  }

  private @Nullable Damage mismatch(RecordHeader header, long end) throws IOException {
    boolean batches = header.type() == RecordHeader.BATCHES;
    long due = batches ? lastPosition + 1 : lastPosition;
    boolean hole = header.type() == RecordHeader.HOLE;
    if (hole ? header.position() < due : header.position() != due) {
      return damaged("a record of position " + due, header.describe());
    }
    if (batches && !streams.containsKey(header.stream())) {
      return damaged(
          "stream %d before a record of it".formatted(header.stream()), header.describe());
    }
    if (header.totalBytes() > end - offset) {
      return damaged("a record of %d bytes at most".formatted(end - offset), header.describe());
    }
    if (isPassed(header)) {
      return null;
    }
    int total = Math.toIntExact(header.totalBytes());
    long most = Math.max(ahead(), (long) total + PEEK_BYTES);
    int at = load(offset, total, Math.min(end, offset + most));
    if (at < 0) {
      return damaged(header.describe(), "the end of the file before its end");
    }
    ByteBuffer payload = payload(header);
    crc.reset();
    crc.update(payload);
    if ((int) crc.getValue() != header.payloadCrc()) {
      String hex = "payload CRC 0x%08x";
      return damaged(hex.formatted(header.payloadCrc()), hex.formatted((int) crc.getValue()));
    }
    for (int i = RecordHeader.BYTES + header.payloadLength(); i < header.totalBytes(); i++) {
      if (window.get(at + i) != 0) {
        unpadded = header;
        return damaged("zeros as padding", bytes(offset + i, offset + header.totalBytes()));
      }
    }
    return null;
  }

  private Damage damaged(String expected, String actual) {
    return new Damage(offset, expected, actual);
  }

  /** The first few bytes of what is there. */
  private String bytes(long from, long end) throws IOException {
    int count = (int) Math.min(SHOWN_BYTES, end - from);
    int at = load(from, count, Math.min(end, from + WINDOW_BYTES));
    if (at < 0) {
      return "the end of the file";
    }
    StringBuilder hex = new StringBuilder("bytes 0x");
    for (int i = 0; i < count; i++) {
      hex.append("%02x".formatted(window.get(at + i)));
    }
    return hex.toString();
  }

  /** Goes on behind damage, as if the positions up to {@code last} had been read. */
  void skip(long to, long last) {
    offset = to;
    lastPosition = last;
    damage = null;
    unpadded = null;
  }

  /** The payload of the record just read; the bytes hold until the next is. */
  ByteBuffer payload(RecordHeader header) {
    int at = (int) (recordAt - windowAt) + RecordHeader.BYTES;
    return window.slice(at, header.payloadLength());
  }

  /** A batches record as it was appended. */
  LogRecord record(RecordHeader header) {
    byte[] stream = stream(header);
    boolean zstd = (header.flags() & RecordHeader.ZSTD) != 0;
    LogRecord record = new LogRecord(stream, payload(header), header.payloadCrc(), zstd, null);
    record.place(header.position(), header.logTimeMicros());
    return record;
  }

  /** The stream of the record just read, unless that is a mark. */
  byte[] stream(RecordHeader header) {
    Stream stream = streams.get(header.stream());
    if (stream == null) {
      throw new IllegalStateException("cannot find the stream of " + header);
    }
    return stream.bytes();
  }

  /** Where the record just read begins. */
  long recordAt() {
    return recordAt;
  }

  /** Where the next record begins, or would. */
  long offset() {
    return offset;
  }

  /** Of the last batches record or hole read; before there was one, one less than the first. */
  long lastPosition() {
    return lastPosition;
  }

  /** How many positions the holes read so far have lost. */
  long lost() {
    return lost;
  }

  @Nullable Damage damage() {
    return damage;
  }

  /** The record at the damage, if only the zeros behind it are none: goes on as if they were. */
  @Nullable RecordHeader acceptUnpadded() {
    RecordHeader header = damage == null ? null : unpadded;
    if (header != null) {
      damage = null;
      unpadded = null;
      accept(header);
    }
    return header;
  }

  /** The stream of that number, null if it is not known by now. */
  byte @Nullable [] streamOf(int number) {
    Stream stream = streams.get(number);
    return stream == null ? null : stream.bytes();
  }

  SegmentHeader segment() {
    return segment;
  }

  /**
   * Brings the bytes into the window; where they are in it, or -1 if the file ends before. Nothing
   * from {@code end} on is kept: it may change.
   */
  private int load(long from, int bytes, long end) throws IOException {
    if (from < windowAt || from + bytes > windowAt + window.limit()) {
      if (window.capacity() < bytes) {
        window = window(bytes);
      }
      windowAt = from;
      window.clear().limit((int) Math.min(window.capacity(), end - from));
      file.readFully(window, from);
      window.flip();
    }
    return window.limit() < from - windowAt + bytes ? -1 : (int) (from - windowAt);
  }

  private static ByteBuffer window(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN).limit(0);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
