package io.sluice.writer.buffer;

import io.sluice.schema.rows.WireBatch;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/**
 * One record batch as it lies in the log, over the bytes of its message. Never changed after it was
 * made; freed when the last holder (its chunks, readers) lets go. Its vectors are there while
 * somebody uses them. Any thread.
 */
public final class HotBatch {

  private final long position;
  private final PackedRows packed;
  private final BufferAllocator allocator;
  private final long bytes;
  private final AtomicInteger holders = new AtomicInteger(1);
  private @Nullable AtomicLong held;
  private volatile boolean letGo;
  private volatile PackedRows.@Nullable Vectors vectors; // written under this
  private int users; // guarded by this

  /**
   * In use, by whoever makes it.
   *
   * @param packed holds the message's memory; owned from now on
   * @param vectors over it; owned from now on
   * @param bytes what it takes of memory while it is used
   */
  HotBatch(
      long position,
      PackedRows packed,
      PackedRows.Vectors vectors,
      BufferAllocator allocator,
      long bytes) {
    this.position = position;
    this.packed = packed;
    this.vectors = vectors;
    this.users = 1;
    this.allocator = allocator;
    this.bytes = bytes;
  }

  public long position() {
    return position;
  }

  /** One more user of its rows, until {@link #done}. Only a holder may be one. */
  synchronized void use() throws IOException {
    if (vectors == null) {
      try {
        vectors = packed.unpack(allocator);
      } catch (OutOfMemoryException e) {
        throw new IOException("cannot read rows at position %d: no memory".formatted(position), e);
      }
    }
    users++;
  }

  /** One user less. */
  synchronized void done() {
    users--;
    if (users == 0) {
      closeVectors();
    } else if (users < 0) {
      throw new IllegalStateException("rows at " + position + " were given back too often");
    }
  }

  private synchronized void closeVectors() {
    PackedRows.Vectors there = vectors;
    if (there != null) {
      there.root().close();
      vectors = null;
    }
  }

  /** Its rows. Only for users. */
  public WireBatch wire() {
    PackedRows.Vectors there = vectors;
    if (there == null) {
      throw new IllegalStateException("nobody uses the rows at " + position);
    }
    return there.wire();
  }

  public long bytes() {
    return bytes;
  }

  /** Adds its bytes to those held, until its last holder lets go. Before anybody else sees it. */
  void countIn(AtomicLong heldBytes) {
    held = heldBytes;
    heldBytes.addAndGet(bytes);
  }

  /** Its chunks let go: who holds it now is a reader. */
  void letGo() {
    letGo = true;
    release();
  }

  boolean isLetGo() {
    return letGo;
  }

  /** One more holder. Only a holder may add one. */
  public void retain() {
    if (holders.getAndIncrement() <= 0) {
      throw new IllegalStateException("batch at " + position + " is freed already");
    }
  }

  public void release() {
    int left = holders.decrementAndGet();
    if (left == 0) {
      closeVectors();
      packed.close();
      if (held != null) {
        held.addAndGet(-bytes);
      }
    } else if (left < 0) {
      throw new IllegalStateException("batch at " + position + " was released too often");
    }
  }
}
