package io.sluice.writer.apply;

import io.sluice.schema.wire.BatchId;
import io.sluice.wal.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.UUID;

/**
 * What a replica knows at a position, for one that begins behind the release point of then: which
 * tables hold the log how far, and the window, entry by entry as it is, in its order. So both go on
 * from the position in the very same state, and forget the same ids at the same time.
 *
 * <pre>
 * header 96: magic u64 | version u32 | most ids u32 | log id 16 | position u64 | released u64
 *            | log time u64 | age of ids, micros u64 | entries u64 | tables, bytes u32 | 0 u32
 *            | CRC32C of the 80 bytes before u32 | zeros to 96
 * tables     as {@link ReleasedTables} has them
 * blocks of up to 2,048 entries: entries of 48 (id 16 | position u64 | ordinal u32 | 1 if it was
 *            seen again u32 | log time when last seen u64 | position of that u64), then CRC32C of
 *            the block u32                                                  (little-endian)
 * </pre>
 *
 * @param stand of the log: the position the window is of, and the release point of then
 */
record ReplicaSnapshot(
    UUID logId,
    WindowCheckpoint.Stand stand,
    Window.Limits limits,
    List<ReleasedTables.Entry> tables,
    Window.Entries entries)
    implements Snapshot {

  private static final long MAGIC = 0x50414e5345524c53L; // "SLRESNAP"
  private static final int VERSION = 1;
  private static final int HEADER = 96;
  private static final int CRC_AT = 80;
  private static final int ENTRY = 48;
  private static final int BLOCK_ENTRIES = 2048;

  /** What a replica begins with, beside its window. */
  record Begin(WindowCheckpoint.Stand stand, List<ReleasedTables.Entry> tables) {}

  @Override
  public void writeTo(WritableByteChannel out) throws IOException {
    byte[] tableBytes = ReleasedTables.bytes(logId, tables);
    write(out, header(tableBytes.length));
    write(out, ByteBuffer.wrap(tableBytes));
    int count = entries.high().length;
    ByteBuffer block =
        ByteBuffer.allocate(BLOCK_ENTRIES * ENTRY + 4).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < count; from += BLOCK_ENTRIES) {
      int to = Math.min(count, from + BLOCK_ENTRIES);
      block.clear();
      for (int i = from; i < to; i++) {
        block.putLong(entries.high()[i]).putLong(entries.low()[i]);
        block.putLong(entries.position()[i]).putInt(entries.ordinal()[i]);
        block.putInt(entries.seenAgain()[i] ? 1 : 0);
        block.putLong(entries.logTime()[i]).putLong(entries.lastSeen()[i]);
      }
      block.putInt(CheckedInput.crc(block, block.position()));
      write(out, block.flip());
    }
  }

  private ByteBuffer header(int tableBytes) {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putInt(VERSION).putInt(limits.maxEntries());
    header.putLong(logId.getMostSignificantBits()).putLong(logId.getLeastSignificantBits());
    header.putLong(stand.position()).putLong(stand.released()).putLong(stand.logTimeMicros());
    header.putLong(limits.ageMicros()).putLong(entries.high().length);
    header.putInt(tableBytes).putInt(0);
    header.putInt(CheckedInput.crc(header, CRC_AT));
    return header.clear();
  }

  private static void write(WritableByteChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /**
   * Reads one; the window has its state then.
   *
   * @throws IOException it is another log's, another version's or damaged: the window is of no use
   */
  static Begin read(ReadableByteChannel channel, UUID logId, Window window) throws IOException {
    CheckedInput in = new CheckedInput("snapshot", channel, "the snapshot of log " + logId);
    ByteBuffer header = in.next(HEADER);
    in.require(0, "magic", MAGIC, header.getLong());
    in.require(8, "version", VERSION, header.getInt());
    int room = header.getInt();
    UUID found = new UUID(header.getLong(), header.getLong());
    if (!found.equals(logId)) {
      throw new IOException(
          "cannot read snapshot: it is of log %s, not %s".formatted(found, logId));
    }
    WindowCheckpoint.Stand stand =
        new WindowCheckpoint.Stand(header.getLong(), header.getLong(), header.getLong());
    Window.Limits limits = new Window.Limits(header.getLong(), room);
    long count = header.getLong();
    int tableBytes = header.getInt();
    int crc = CheckedInput.crc(header, CRC_AT);
    in.require(CRC_AT, "header CRC", crc, header.getInt(CRC_AT));
    byte[] tables = new byte[tableBytes];
    in.next(tableBytes).get(tables);
    List<ReleasedTables.Entry> entries = ReleasedTables.parse(tables, logId, in.name());
    window.reset(limits, stand.released(), stand.position());
    for (long left = count; left > 0; left -= BLOCK_ENTRIES) {
      readBlock(in, (int) Math.min(left, BLOCK_ENTRIES), window);
    }
    return new Begin(stand, entries);
  }

  private static void readBlock(CheckedInput in, int entries, Window window) throws IOException {
    long offset = in.offset();
    int end = entries * ENTRY;
    ByteBuffer block = in.next(end + 4);
    in.require(offset, "block CRC", CheckedInput.crc(block, end), block.getInt(end));
    for (int i = 0; i < entries; i++) {
      BatchId id = new BatchId(block.getLong(), block.getLong());
      long position = block.getLong();
      int ordinal = block.getInt();
      boolean again = block.getInt() != 0;
      window.restore(id, position, ordinal, block.getLong(), block.getLong(), again);
    }
  }
}
