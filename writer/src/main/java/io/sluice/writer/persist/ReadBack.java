package io.sluice.writer.persist;

import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.SetRows;
import java.io.IOException;
import java.util.Collection;

/**
 * Brings the rows of a set into memory for its persist, within the budget. Guarded by its monitor;
 * nobody waits in it. One set can always go, whatever memory holds: what waits behind it can be
 * left to the log, so memory comes free by this and by nothing else.
 */
public final class ReadBack {

  private final ChunkBuffer buffer;
  private final long memoryBytes;
  private long reserved;
  private int underWay;

  /**
   * @param memoryBytes budget of the hot rows
   */
  public ReadBack(ChunkBuffer buffer, long memoryBytes) {
    this.buffer = buffer;
    this.memoryBytes = memoryBytes;
  }

  /**
   * The rows of a set that is persisting.
   *
   * @throws IOException no memory for it now, or the log cannot be read
   */
  Held load(ChunkSet set) throws IOException {
    long bytes = set.loggedBytes();
    if (bytes == 0) {
      return new Held(buffer.load(set), 0);
    }
    reserve(set, bytes);
    try {
      return new Held(buffer.load(set), bytes);
    } catch (Throwable e) { // an Error too: or no set could go any more
      release(bytes);
      throw e;
    }
  }

  private synchronized void reserve(ChunkSet set, long bytes) throws IOException {
    long held = buffer.bytes() + reserved;
    if (underWay > 0 && bytes > memoryBytes - held) {
      throw new IOException(
          "cannot read %d bytes of %s back from the log: %d of %d are held (tried again when others have gone)"
              .formatted(bytes, set.table(), held, memoryBytes));
    }
    reserved += bytes;
    underWay++;
  }

  private synchronized void release(long bytes) {
    reserved -= bytes;
    underWay--;
  }

  /** A set's rows; what was read back is freed when it is closed. */
  final class Held implements AutoCloseable {

    private final SetRows rows;
    private final long bytes;

    private Held(SetRows rows, long bytes) {
      this.rows = rows;
      this.bytes = bytes;
    }

    Collection<Chunk> chunks() {
      return rows.chunks();
    }

    @Override
    public void close() {
      rows.close();
      if (bytes > 0) {
        release(bytes);
      }
    }
  }
}
