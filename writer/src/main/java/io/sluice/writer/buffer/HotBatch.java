package io.sluice.writer.buffer;

import io.sluice.schema.rows.WireBatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * One record batch as it lies in the log, loaded over the bytes of its message. Never changed after
 * it was made; freed when the last holder (its chunks, readers) lets go.
 */
public final class HotBatch {

  private final long position;
  private final WireBatch wire;
  private final VectorSchemaRoot root;
  private final long bytes;
  private final AtomicInteger holders = new AtomicInteger(1);
  private @Nullable AtomicLong held;
  private volatile boolean letGo;

  /**
   * @param root the loaded vectors, which hold the message's memory; owned from now on
   * @param bytes what it takes of memory
   */
  public HotBatch(long position, WireBatch wire, VectorSchemaRoot root, long bytes) {
    this.position = position;
    this.wire = wire;
    this.root = root;
    this.bytes = bytes;
  }

  public long position() {
    return position;
  }

  public WireBatch wire() {
    return wire;
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
      root.close();
      if (held != null) {
        held.addAndGet(-bytes);
      }
    } else if (left < 0) {
      throw new IllegalStateException("batch at " + position + " was released too often");
    }
  }
}
