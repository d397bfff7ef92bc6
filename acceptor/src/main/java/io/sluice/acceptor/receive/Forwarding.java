package io.sluice.acceptor.receive;

import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.forward.Batch;
import io.sluice.acceptor.forward.Delivery;
import io.sluice.schema.wire.BatchId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The batches of one request on their way. Its body is not kept: from here on it holds of the
 * budget what its columns take.
 */
final class Forwarding {

  private static final int RETRY_MILLIS = 1_000;

  private final String tenant;
  private final BatchId.Encoding format;
  private final Reservation held;
  private final long receivedMicros;
  private final long giveUpNanos;
  private final Identity identity;
  private final BatchId body;
  private final UUID salt;
  private final Decoded decoded;
  private final Consumer<Decoded.Part> free;
  private final Consumer<Throwable> failures;
  private final int[] rows;
  private final List<CompletableFuture<Delivery>> deliveries = new ArrayList<>();

  /**
   * Takes over what was decoded, and what the request holds of the budget.
   *
   * @param body the hash of its bytes, in the encoding it came in
   * @param salt for what does not identify itself
   * @param free takes a part's columns back
   * @param failures told of what may not happen
   */
  Forwarding(
      Received request,
      Identity identity,
      BatchId body,
      UUID salt,
      Decoded decoded,
      Consumer<Decoded.Part> free,
      Consumer<Throwable> failures) {
    this.tenant = request.tenant();
    this.format = request.format();
    this.held = request.held();
    this.receivedMicros = request.arrival().micros();
    this.giveUpNanos = request.giveUpNanos();
    this.identity = identity;
    this.body = body;
    this.salt = salt;
    this.decoded = decoded;
    this.free = free;
    this.failures = failures;
    this.rows = decoded.parts().stream().mapToInt(part -> part.columns().rows()).toArray();
  }

  /** Hands every batch over; completes when all are answered. */
  CompletableFuture<Void> start(Function<Batch, CompletableFuture<Delivery>> forward) {
    long columns = decoded.parts().stream().mapToLong(part -> part.columns().bytes()).sum();
    held.settle(Reservation.OVERHEAD + columns);
    for (Decoded.Part part : decoded.parts()) {
      deliveries.add(deliver(batch(part), forward));
    }
    return CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new))
        .whenComplete((all, failure) -> held.giveBack(Reservation.OVERHEAD));
  }

  private Batch batch(Decoded.Part part) {
    long bytes = part.columns().bytes();
    AtomicBoolean freed = new AtomicBoolean();
    return new Batch(
        identity.of(tenant, part, format, body, salt),
        tenant,
        part.columns(),
        receivedMicros,
        giveUpNanos,
        () -> {
          if (freed.compareAndSet(false, true)) {
            free.accept(part);
            held.giveBack(bytes);
          }
        });
  }

  /** Whatever one batch meets, the others go on, and nothing of it stays. */
  private CompletableFuture<Delivery> deliver(
      Batch batch, Function<Batch, CompletableFuture<Delivery>> forward) {
    try {
      return forward.apply(batch);
    } catch (RejectedExecutionException e) {
      batch.free().run();
      return CompletableFuture.completedFuture(new Delivery.Unanswered("the Acceptor stops"));
    } catch (Throwable e) {
      failures.accept(e);
      batch.free().run();
      return CompletableFuture.completedFuture(new Delivery.Unanswered("the Acceptor failed"));
    }
  }

  /**
   * When all are answered. What may pass comes before what will not: the client may save the rest
   * by sending again.
   */
  Outcome outcome(SignalRecords.Receipt receipt) {
    Delivery worst = new Delivery.Stored(false);
    for (CompletableFuture<Delivery> delivery : deliveries) {
      Delivery result = delivery.join();
      worst = weight(result) > weight(worst) ? result : worst;
    }
    if (worst instanceof Delivery.Unanswered unanswered) {
      return new Outcome.Unavailable(RETRY_MILLIS, unanswered.reason());
    }
    if (worst instanceof Delivery.Away away) {
      return new Outcome.Unavailable(away.retryAfterMillis(), away.reason());
    }
    if (worst instanceof Delivery.Refused refused) {
      return new Outcome.Overloaded(refused.retryAfterMillis(), refused.reason());
    }
    return stored(receipt);
  }

  private Outcome stored(SignalRecords.Receipt receipt) {
    for (int i = 0; i < rows.length; i++) {
      boolean repeat =
          deliveries.get(i).join() instanceof Delivery.Stored stored && stored.repeat();
      receipt.taken(decoded.parts().get(i).table(), rows[i], repeat);
    }
    return decoded.rejected() == 0
        ? Outcome.Stored.ALL
        : new Outcome.Stored(decoded.rejected(), decoded.reason());
  }

  private static int weight(Delivery delivery) {
    if (delivery instanceof Delivery.Unanswered) {
      return 3;
    }
    if (delivery instanceof Delivery.Away) {
      return 2;
    }
    return delivery instanceof Delivery.Refused ? 1 : 0;
  }
}
