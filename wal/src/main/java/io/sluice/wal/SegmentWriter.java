package io.sluice.wal;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;

/**
 * Puts groups of records into the active segment and begins the next one when it is full. Owned by
 * the writing thread. Every segment keeps room for one more mark, so that the last group before a
 * roll can be covered too.
 */
final class SegmentWriter implements Closeable {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Storage storage;
  private final SegmentPool pool;
  private final SegmentList segments;
  private final DiskBudget budget;
  private final LogClock clock;
  private final RandomGenerator random;
  private final LongConsumer forced;
  private final ExtentFile extent;
  private final long segmentBytes;
  private final int maxGroupBytes;
  private final RecordGather gather;
  private final StreamNumbers streams = new StreamNumbers();
  private Segment active;
  private Storage.StorageFile file;
  private long offset = SegmentHeader.BYTES;
  private long groupMicros;
  private long lastPosition;
  private long forcedPosition;
  private long markedPosition;

  private SegmentWriter(
      WalConfig config,
      LogEnvironment environment,
      SegmentPool pool,
      SegmentList segments,
      DiskBudget budget,
      LogClock clock,
      SegmentHeader first,
      boolean firstIsLive)
      throws IOException {
    this.storage = environment.storage();
    this.random = environment.random();
    this.forced = environment.forced();
    this.pool = pool;
    this.segments = segments;
    this.budget = budget;
    this.clock = clock;
    this.segmentBytes = config.segmentBytes();
    this.maxGroupBytes = config.maxGroupBytes();
    this.gather = new RecordGather(config.maxGroupBytes());
    this.lastPosition = first.firstPosition() - 1;
    this.forcedPosition = lastPosition;
    this.markedPosition = lastPosition;
    this.file = firstIsLive ? storage.open(first.fileName(), Storage.Access.WRITE) : begin(first);
    this.active = enlist(first);
    try {
      this.extent = ExtentFile.begin(storage, segments.oldest(), first);
    } catch (IOException e) {
      file.close();
      throw e;
    }
    pool.writesDownIn(extent);
  }

  /** Begins the segment that this start writes; its name is durable on return. */
  static SegmentWriter open(
      WalConfig config,
      LogEnvironment environment,
      SegmentPool pool,
      SegmentList segments,
      DiskBudget budget,
      LogClock clock,
      SegmentHeader first)
      throws IOException {
    return new SegmentWriter(config, environment, pool, segments, budget, clock, first, false);
  }

  /** Begins a segment that an earlier start had begun; {@link SegmentPool#clear} has seen it. */
  static SegmentWriter beginAnew(
      WalConfig config,
      LogEnvironment environment,
      SegmentPool pool,
      SegmentList segments,
      DiskBudget budget,
      LogClock clock,
      SegmentHeader first)
      throws IOException {
    return new SegmentWriter(config, environment, pool, segments, budget, clock, first, true);
  }

  /**
   * Adds a record to the group; the first of a group begins a new segment if it must.
   *
   * @return false: it belongs to the next group
   */
  boolean stage(LogRecord record) throws IOException {
    int known = streams.of(record.stream());
    long streamBytes = known > 0 ? 0 : RecordHeader.recordBytes(record.stream().length);
    long bytes = streamBytes + RecordHeader.recordBytes(record.payloadBytes());
    if (gather.isEmpty()) {
      if (!fits(bytes)) {
        roll(DiskBudget.segmentFor(DiskBudget.worstCase(record), segmentBytes));
        known = 0;
      }
      groupMicros = clock.micros();
    } else if (!gather.hasRoom() || !fits(bytes) || gather.bytes() + bytes > maxGroupBytes) {
      return false;
    }
    put(record, known > 0 ? known : putStream(record.stream()));
    return true;
  }

  private boolean fits(long bytes) {
    return offset + gather.bytes() + bytes + RecordHeader.BYTES <= active.header().length();
  }

  private int putStream(byte[] stream) {
    int number = streams.add(stream);
    RecordHeader header =
        header(RecordHeader.STREAM, 0, stream.length, gather.crcOf(stream), number);
    gather.add(header, active.header().nonce(), ByteBuffer.wrap(stream));
    return number;
  }

  private void put(LogRecord record, int stream) {
    record.place(++lastPosition, groupMicros);
    int flags = record.zstd() ? RecordHeader.ZSTD : 0;
    ByteBuffer payload = record.payload();
    RecordHeader header =
        header(RecordHeader.BATCHES, flags, payload.remaining(), record.payloadCrc(), stream);
    gather.add(header, active.header().nonce(), payload);
  }

  private RecordHeader header(int type, int flags, int length, int crc, int stream) {
    return new RecordHeader(
        type, flags, length, crc, lastPosition, forcedPosition, groupMicros, stream);
  }

  /** Writes the group and makes it durable. */
  void commit() throws IOException {
    write();
    force();
  }

  private void write() throws IOException {
    long bytes = gather.bytes();
    gather.writeTo(file, offset);
    offset += bytes;
  }

  private void force() throws IOException {
    long last = lastPosition;
    long begin = System.nanoTime(); // not the log's time, which tests move
    file.force();
    forced.accept(System.nanoTime() - begin);
    forcedPosition = last;
    active.forced(offset, last);
    budget.activeRemaining(active.header().length() - offset - RecordHeader.BYTES);
  }

  /** Says, once, that the last group was forced; not forced itself. */
  void mark() throws IOException {
    if (markedPosition < forcedPosition) {
      groupMicros = clock.micros();
      gather.add(header(RecordHeader.MARK, 0, 0, 0, 0), active.header().nonce(), NOTHING);
      write();
      markedPosition = forcedPosition;
    }
  }

  /** The last mark, forced. */
  void finish() throws IOException {
    mark();
    force();
    extent.knows(lastPosition);
  }

  private void roll(long length) throws IOException {
    SegmentHeader full = active.header();
    SegmentHeader next =
        new SegmentHeader(
            full.logId(),
            full.number() + 1,
            length,
            lastPosition + 1,
            clock.micros(),
            random.nextInt(),
            full.number(),
            active.end());
    Storage.StorageFile opened = begin(next);
    try {
      extent.endsAt(next);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    active.close();
    file.close();
    file = opened;
    offset = SegmentHeader.BYTES;
    streams.clear();
    active = enlist(next);
  }

  /** Header, name and directory are durable before the extent says that it must be there. */
  private Storage.StorageFile begin(SegmentHeader header) throws IOException {
    String spare = pool.take(header.length());
    Storage.StorageFile opened = storage.open(spare, Storage.Access.WRITE);
    try {
      opened.write(new ByteBuffer[] {header.encode()}, 1, 0);
      opened.force();
      storage.rename(spare, header.fileName());
      storage.forceDirectory();
      return opened;
    } catch (IOException e) {
      opened.close();
      throw e;
    }
  }

  private Segment enlist(SegmentHeader header) {
    Segment segment = Segment.begun(header);
    segments.add(segment);
    budget.activeRemaining(header.length() - SegmentHeader.BYTES - RecordHeader.BYTES);
    pool.poke();
    return segment;
  }

  @Override
  public void close() throws IOException {
    try (extent) {
      file.close();
    }
  }
}
