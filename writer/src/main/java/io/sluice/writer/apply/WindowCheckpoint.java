package io.sluice.writer.apply;

import io.sluice.schema.wire.BatchId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.util.Optional;
import java.util.UUID;

/**
 * The window on disk (FORMATS, window checkpoint): written to a temporary name, forced, renamed,
 * directory forced, before the log is released past what only the log knew.
 *
 * <pre>
 * header 72: magic u64 | version u32 | room u32 | log id 16 | position u64 | released u64
 *            | log time u64 | entries u64 | CRC32C of the 64 bytes before u32 | 0 u32
 * blocks of up to 2,048 entries: entries of 32 (id 16 | position u64 | ordinal u32 | 0 u32), then
 *            CRC32C of the block u32                                        (little-endian)
 * </pre>
 */
final class WindowCheckpoint {

  private static final long MAGIC = 0x574f444e49574c53L; // "SLWINDOW"
  private static final int VERSION = 1;
  private static final int HEADER = 72;
  private static final int ENTRY = 32;
  private static final int BLOCK_ENTRIES = 2048;
  private static final String NAME = "window";

  private final Directory directory;

  WindowCheckpoint(Directory directory) {
    this.directory = directory;
  }

  /**
   * What a checkpoint stands for. All 0: there is none.
   *
   * @param position every id at or below it is in the checkpoint, unless it aged
   * @param released no table is owed anything at or below it: a replay begins after it
   */
  record Stand(long position, long released, long logTimeMicros) {}

  /** How large one with so many is, about. */
  static long bytes(Window.Entries entries) {
    return (long) entries.high().length * ENTRY;
  }

  /**
   * Durable when it returns. One thread writes at a time.
   *
   * @param room the most ids that the window keeps
   */
  void write(UUID logId, Stand stand, Window.Entries entries, int room) throws IOException {
    ForcedFile.replace(directory, NAME, out -> write(out, logId, stand, entries, room));
  }

  private static void write(
      Directory.Out out, UUID logId, Stand stand, Window.Entries entries, int room)
      throws IOException {
    out.write(header(logId, stand, entries.high().length, room));
    ByteBuffer block =
        ByteBuffer.allocate(BLOCK_ENTRIES * ENTRY + 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < entries.high().length; from += BLOCK_ENTRIES) {
      int to = Math.min(entries.high().length, from + BLOCK_ENTRIES);
      block.clear();
      for (int i = from; i < to; i++) {
        block.putLong(entries.high()[i]).putLong(entries.low()[i]);
        block.putLong(entries.position()[i]).putInt(entries.ordinal()[i]).putInt(0);
      }
      block.putInt(CheckedInput.crc(block, block.position()));
      out.write(block.flip());
    }
  }

  /**
   * Reads it into an empty window.
   *
   * @throws IOException it is another log's, another version's or damaged; or the window was made
   *     smaller meanwhile than what it has to remember
   */
  Stand read(UUID logId, Window window) throws IOException {
    Optional<ReadableByteChannel> there = directory.read(NAME);
    if (there.isEmpty()) {
      return new Stand(0, 0, 0);
    }
    try (ReadableByteChannel in = there.get()) {
      return read(new CheckedInput("window", in, directory.describe(NAME)), logId, window);
    }
  }

  private static Stand read(CheckedInput in, UUID logId, Window window) throws IOException {
    ByteBuffer header = in.next(HEADER);
    in.require(0, "magic", MAGIC, header.getLong());
    in.require(8, "version", VERSION, header.getInt());
    int room = header.getInt(); // 0: written by a release that did not say
    UUID found = new UUID(header.getLong(), header.getLong());
    if (!found.equals(logId)) {
      throw new IOException(
          "cannot read window: %s is of log %s, this is log %s (a log and its window belong"
                  .formatted(in.name(), found, logId)
              + " together: put back the one that was moved)");
    }
    Stand stand = new Stand(header.getLong(), header.getLong(), header.getLong());
    long count = header.getLong();
    in.require(
        HEADER - 8, "header CRC", CheckedInput.crc(header, HEADER - 8), header.getInt(HEADER - 8));
    requireRoom(window.room(), room, count);
    for (long left = count; left > 0; left -= BLOCK_ENTRIES) {
      readBlock(in, (int) Math.min(left, BLOCK_ENTRIES), stand, window);
    }
    return stand;
  }

  /**
   * Ids that do not fit would be forgotten at once, and their repeats stored. What came to be more
   * than the room while the log could not be released is no mistake of whoever sets it.
   */
  private static void requireRoom(int room, int roomBefore, long count) throws IOException {
    if (room < roomBefore && room < count) {
      throw new IOException(
          "cannot start: dedup.max-batches is %d, it was %d, and %d batches are remembered"
                  .formatted(room, roomBefore, count)
              + " (set it to at least that, until they have aged)");
    }
  }

  private static void readBlock(CheckedInput in, int entries, Stand stand, Window window)
      throws IOException {
    long offset = in.offset();
    ByteBuffer block = in.next(entries * ENTRY + 4);
    int end = entries * ENTRY;
    in.require(offset, "block CRC", CheckedInput.crc(block, end), block.getInt(end));
    for (int i = 0; i < entries; i++) {
      BatchId id = new BatchId(block.getLong(), block.getLong());
      long position = block.getLong();
      int ordinal = block.getInt();
      block.getInt();
      window.restore(id, position, ordinal, stand.logTimeMicros(), stand.position());
    }
  }

  private static ByteBuffer header(UUID logId, Stand stand, long count, int room) {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putInt(room);
    header.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
    header.putLong(stand.position()).putLong(stand.released());
    header.putLong(stand.logTimeMicros()).putLong(count);
    header.putInt(CheckedInput.crc(header, HEADER - 8)).putInt(0);
    return header.flip();
  }
}
