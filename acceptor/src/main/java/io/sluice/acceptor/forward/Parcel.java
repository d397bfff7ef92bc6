package io.sluice.acceptor.forward;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A batch in the hands of a stream, and who waits for it. Owned by its stream. */
final class Parcel {

  private final Batch batch;
  private final CompletableFuture<Delivery> delivery = new CompletableFuture<>();
  private @Nullable Future<?> timer;
  private @Nullable Delivery refusal;
  private boolean freed;

  Parcel(Batch batch) {
    this.batch = batch;
  }

  Batch batch() {
    return batch;
  }

  CompletableFuture<Delivery> delivery() {
    return delivery;
  }

  void expireBy(Future<?> timer) {
    this.timer = timer;
  }

  boolean awaited() {
    return !delivery.isDone();
  }

  /** The Writer refused it; it is sent again. */
  void refused(@Nullable Delivery why) {
    refusal = why;
  }

  /** Why the Writer refused it the last time that it answered; null if it did not. */
  @Nullable Delivery refusal() {
    return refusal;
  }

  /** Tells who waits; the rows stay, as they may still be on their way. */
  void tell(Delivery result) {
    delivery.complete(result);
    if (timer != null) {
      timer.cancel(false);
    }
  }

  /** Frees the rows, once. */
  void free() {
    if (!freed) {
      freed = true;
      batch.free().run();
    }
  }
}
