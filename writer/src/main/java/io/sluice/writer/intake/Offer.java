package io.sluice.writer.intake;

import io.sluice.writer.buffer.LoadedBatch;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A message that is not in the log yet, and all it holds: its memory, its vectors, its share of the
 * budget. Whatever happens before it is handed over, closing it gives everything back. One thread
 * uses it.
 */
final class Offer implements AutoCloseable {

  private final IntakeBudget budget;
  private final Sender sender;
  private final long begunNanos = System.nanoTime();
  private Payload payload;
  private int plainBytes;
  private long share;
  private @Nullable LoadedBatch batch;
  private boolean handedOver;

  Offer(Payload payload, IntakeBudget budget, Sender sender) {
    this.payload = payload;
    this.budget = budget;
    this.sender = sender;
  }

  Payload payload() {
    return payload;
  }

  /** So much more memory it will take, as its body is compressed. */
  void unpacksTo(int bytes) {
    plainBytes = bytes;
  }

  /** False if there is no room in the budget now. */
  boolean takeShare() {
    if (!budget.take(sender, wanted())) {
      return false;
    }
    share = wanted();
    return true;
  }

  /** When there may be room for it. */
  int retryMillis() {
    return budget.retryMillis(sender, wanted());
  }

  private long wanted() {
    return (long) payload.length() + plainBytes;
  }

  /** Appends a field to the message. */
  void extend(byte[] field, BufferAllocator allocator) {
    Payload longer = payload.with(field, allocator);
    payload.close();
    payload = longer;
  }

  void loaded(LoadedBatch vectors) {
    batch = vectors;
  }

  /** When it was read. */
  long begunNanos() {
    return begunNanos;
  }

  long share() {
    return share;
  }

  /** Another holds it all from now on. */
  void handedOver() {
    handedOver = true;
  }

  @Override
  public void close() {
    if (handedOver) {
      return;
    }
    if (batch != null) {
      batch.close();
    }
    budget.giveBack(sender, share);
    payload.close();
  }
}
