package io.sluice.writer.buffer;

import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.wire.MalformedMessageException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One record batch as it lies in the log, over the bytes of its message. Never changed after it was
 * made; freed when the last holder (its chunks, readers) lets go. Where its columns are is known
 * while somebody uses them. Any thread.
 */
public final class HotBatch {

  /** What is known of the columns of one batch, on the heap, beside its bytes. */
  static final long COLUMN_BYTES = 8 << 10;

  private final long position;
  private final PackedRows packed;
  private final AtomicInteger holders = new AtomicInteger(1);
  private @Nullable AtomicLong held;
  private @Nullable AtomicLong used;
  private volatile boolean letGo;
  private volatile @Nullable WireBatch wire; // written under this
  private int users; // guarded by this

  /**
   * In use, by whoever makes it.
   *
   * @param packed holds the message's memory; owned from now on
   * @param wire of it
   */
  HotBatch(long position, PackedRows packed, WireBatch wire) {
    this.position = position;
    this.packed = packed;
    this.wire = wire;
    this.users = 1;
  }

  public long position() {
    return position;
  }

  /** One more user of its rows, until {@link #done}. Only a holder may be one. */
  synchronized void use() {
    if (wire == null) {
      try {
        wire = packed.read();
      } catch (MalformedMessageException e) { // it was read before, and is never changed
        throw new IllegalStateException("rows at " + position + " changed: " + e.getMessage(), e);
      }
      count(COLUMN_BYTES);
    }
    users++;
  }

  /** One user less. */
  synchronized void done() {
    users--;
    if (users == 0) {
      forget();
    } else if (users < 0) {
      throw new IllegalStateException("rows at " + position + " were given back too often");
    }
  }

  private synchronized void forget() {
    if (wire != null) {
      wire = null;
      count(-COLUMN_BYTES);
    }
  }

  private void count(long bytes) {
    if (used != null) {
      used.addAndGet(bytes);
    }
  }

  /** Its rows. Only for users. */
  public WireBatch wire() {
    WireBatch there = wire;
    if (there == null) {
      throw new IllegalStateException("nobody uses the rows at " + position);
    }
    return there;
  }

  /** What it takes of memory while somebody uses it: sets of many small ones are no larger. */
  public long bytes() {
    return packed.bytes() + COLUMN_BYTES;
  }

  /** What it takes of memory while nobody does. */
  public long heldBytes() {
    return packed.bytes();
  }

  /**
   * Adds its bytes to those held, until its last holder lets go, and those of its columns to those
   * in use, while they are there. Before anybody else sees it.
   */
  synchronized void countIn(AtomicLong heldBytes, AtomicLong usedBytes) {
    held = heldBytes;
    used = usedBytes;
    heldBytes.addAndGet(packed.bytes());
    usedBytes.addAndGet(wire == null ? 0 : COLUMN_BYTES);
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
      forget();
      packed.close();
      if (held != null) {
        held.addAndGet(-packed.bytes());
      }
    } else if (left < 0) {
      throw new IllegalStateException("batch at " + position + " was released too often");
    }
  }
}
