package io.sluice.writer.persist;

import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.SetRows;
import java.io.IOException;
import java.util.Collection;

/** Brings the rows of a set into memory for its persist, within the budget. Any thread uses it. */
public final class ReadBack {

  private final ChunkBuffer buffer;
  private final HotMemory memory;

  /**
   * @param memory that the log has with others
   */
  public ReadBack(ChunkBuffer buffer, HotMemory memory) {
    this.buffer = buffer;
    this.memory = memory;
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
      memory.giveBack(bytes);
      throw e;
    }
  }

  private void reserve(ChunkSet set, long bytes) throws IOException {
    HotMemory.Held held = memory.reserve(bytes);
    if (!held.granted()) {
      throw new IOException(
          "cannot read %d bytes of %s back from the log: %d of %d are held (tried again when others have gone)"
              .formatted(bytes, set.table(), held.bytes(), held.maxBytes()));
    }
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
        memory.giveBack(bytes);
      }
    }
  }
}
