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

  /** What the vectors of one batch take beside its bytes, on the heap for the most part. */
  static final long VECTOR_BYTES = 48 << 10;

  private final long position;
  private final PackedRows packed;
  private final BufferAllocator allocator;
  private final AtomicInteger holders = new AtomicInteger(1);
  private @Nullable AtomicLong held;
  private @Nullable AtomicLong used;
  private volatile boolean letGo;
  private volatile PackedRows.@Nullable Vectors vectors; // written under this
  private int users; // guarded by this

  /**
   * In use, by whoever makes it.
   *
   * @param packed holds the message's memory; owned from now on
   * @param vectors over it; owned from now on
   */
  HotBatch(
      long position, PackedRows packed, PackedRows.Vectors vectors, BufferAllocator allocator) {
    this.position = position;
    this.packed = packed;
    this.vectors = vectors;
    this.users = 1;
    this.allocator = allocator;
  }

  public long position() {
    return position;
  }

  /** One more user of its rows, until {@link #done}. Only a holder may be one. */
  synchronized void use() throws IOException {
    if (vectors == null) {
      try {
        vectors = packed.unpack(allocator);
        count(VECTOR_BYTES);
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
      count(-VECTOR_BYTES);
    }
  }

  private void count(long bytes) {
    if (used != null) {
      used.addAndGet(bytes);
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

  /** What it takes of memory while somebody uses it: sets of many small ones are no larger. */
  public long bytes() {
    return packed.bytes() + VECTOR_BYTES;
  }

  /** What it takes of memory while nobody does. */
  public long heldBytes() {
    return packed.bytes();
  }

  /**
   * Adds its bytes to those held, until its last holder lets go, and those of its vectors to those
   * in use, while they are there. Before anybody else sees it.
   */
  synchronized void countIn(AtomicLong heldBytes, AtomicLong usedBytes) {
    held = heldBytes;
    used = usedBytes;
    heldBytes.addAndGet(packed.bytes());
    usedBytes.addAndGet(vectors == null ? 0 : VECTOR_BYTES);
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
        held.addAndGet(-packed.bytes());
      }
    } else if (left < 0) {
      throw new IllegalStateException("batch at " + position + " was released too often");
    }
  }
}
