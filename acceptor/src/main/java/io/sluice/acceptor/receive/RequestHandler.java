package io.sluice.acceptor.receive;

import static io.sluice.schema.wire.BatchId.Encoding.PROTOBUF;

import io.opentelemetry.api.common.Attributes;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.MalformedRequestException;
import io.sluice.acceptor.decode.RequestTooLargeException;
import io.sluice.acceptor.forward.Batch;
import io.sluice.acceptor.forward.Delivery;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.BatchId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.OutOfMemoryException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request, whatever it came by: admitted, decoded, cut into batches, each with its id,
 * forwarded, and answered when all of its batches are. Safe for any thread; tells each outcome
 * exactly once.
 */
public final class RequestHandler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final String TENANT = "default";
  private static final int RETRY_MILLIS = 1_000;

  private final Decoders decoders;
  private final Function<Batch, CompletableFuture<Delivery>> forward;
  private final ByteBudget budget;
  private final Ledger ledger;
  private final Executor workers;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final Supplier<UUID> salts;
  private final InFlight inFlight = new InFlight();

  /**
   * Nothing runs before the first request.
   *
   * @param pool where the columns of requests come from and go back to
   * @param forward takes a batch over, and frees it
   * @param workers where requests that had to wait are decoded
   * @param salts random, for what does not identify itself
   */
  public RequestHandler(
      ReceiveLimits limits,
      DecodeLimits decode,
      ColumnsPool pool,
      Function<Batch, CompletableFuture<Delivery>> forward,
      Telemetry telemetry,
      Executor workers,
      ScheduledExecutorService timer,
      InstantSource clock,
      LongSupplier nanoClock,
      Supplier<UUID> salts) {
    this.decoders = new Decoders(pool, decode);
    this.forward = forward;
    this.budget =
        new ByteBudget(limits.maxBytesInFlight(), limits.admissionWait().toMillis(), timer);
    this.ledger = new Ledger(telemetry);
    this.workers = workers;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.salts = salts;
    telemetry.gauge(
        "sluice.acceptor.requests.inflight",
        "{request}",
        "Requests not yet answered.",
        Attributes.empty(),
        this::inFlight);
    telemetry.gauge(
        "sluice.acceptor.inflight",
        "By",
        "Request bytes in memory.",
        Attributes.empty(),
        this::bytesInFlight);
  }

  /** Handles it on this thread if there is room, else later on a worker. */
  void handle(Received request, Consumer<Outcome> answer) {
    long start = nanoClock.getAsLong();
    inFlight.begin();
    Consumer<Outcome> end =
        outcome -> {
          ledger.ended(
              request.signal(), outcome, request.length(), (nanoClock.getAsLong() - start) / 1e9);
          try {
            answer.accept(outcome);
          } catch (RuntimeException e) {
            LOG.warn("cannot answer a request of {}", request.signal(), e);
          } finally {
            inFlight.end();
          }
        };
    if (budget.take(request.length(), new Admission(request, end))) {
      process(request, end);
    }
  }

  /** Counts a request that never was one, and says what it said. */
  Outcome refuse(Signal signal, Outcome outcome) {
    ledger.refused(signal, outcome);
    return outcome;
  }

  Patience patience(Duration withoutDeadline) {
    return new Patience(withoutDeadline, clock, nanoClock);
  }

  /** Requests that are not answered. */
  public int inFlight() {
    return inFlight.count();
  }

  /** Request bytes in memory, until nothing of the request is. */
  public long bytesInFlight() {
    return budget.taken();
  }

  /** Waits until all requests are answered; false if they are not in time. */
  public boolean awaitIdle(long millis) throws InterruptedException {
    return inFlight.awaitNone(millis);
  }

  @Override
  public void close() {
    decoders.close();
  }

  private void process(Received request, Consumer<Outcome> end) {
    Lease lease = new Lease(() -> budget.release(request.length()));
    Outcome refused;
    try {
      Decoded decoded = decoders.decode(request.signal(), request.array(), request.length());
      Forwarding forwarding = new Forwarding(request, decoded);
      var unused =
          forwarding
              .start(lease)
              .whenComplete(
                  (outcome, failure) ->
                      end.accept(failure == null ? outcome : failed(request.signal(), failure)));
      return;
    } catch (MalformedRequestException | RequestTooLargeException e) {
      refused = new Outcome.Malformed(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryException e) {
      LOG.warn("no memory for a request of {} bytes: {}", request.length(), e.getMessage());
      refused = new Outcome.Overloaded(RETRY_MILLIS, "the Acceptor is out of memory");
    } catch (Throwable e) { // a bug, or the heap is full: the client must keep its records
      refused = failed(request.signal(), e);
    } finally {
      lease.release();
    }
    end.accept(refused);
  }

  private static Outcome failed(Signal signal, Throwable cause) {
    LOG.error("a request of {} failed, and is answered as to be sent again", signal, cause);
    return new Outcome.Unavailable(RETRY_MILLIS, "the Acceptor failed");
  }

  /** A request that waits for room; whoever makes room lets a worker process it. */
  private final class Admission implements ByteBudget.Waiter {
    private final Received request;
    private final Consumer<Outcome> end;

    Admission(Received request, Consumer<Outcome> end) {
      this.request = request;
      this.end = end;
    }

    @Override
    public void admitted() {
      try {
        workers.execute(() -> process(request, end));
      } catch (RejectedExecutionException e) {
        budget.release(request.length());
        end.accept(new Outcome.Unavailable(RETRY_MILLIS, "the Acceptor stops"));
      }
    }

    @Override
    public void refused() {
      end.accept(
          new Outcome.Overloaded(RETRY_MILLIS, "too many requests in flight (otlp.max-in-flight)"));
    }
  }

  /** The batches of one request on their way. */
  private final class Forwarding {
    private final Received request;
    private final Decoded decoded;
    private final int[] rows;
    private final List<CompletableFuture<Delivery>> deliveries = new ArrayList<>();

    Forwarding(Received request, Decoded decoded) {
      this.request = request;
      this.decoded = decoded;
      this.rows = decoded.parts().stream().mapToInt(part -> part.columns().rows()).toArray();
    }

    CompletableFuture<Outcome> start(Lease lease) {
      BatchId body = BatchId.ofBody(request.array(), 0, request.length());
      UUID salt = salts.get(); // one per received request, before the first send
      for (Decoded.Part part : decoded.parts()) {
        BatchId id = BatchId.of(TENANT, part.table(), PROTOBUF, part.part(), body);
        lease.retain();
        Runnable free =
            () -> {
              decoders.free(part);
              lease.release();
            };
        deliveries.add(
            deliver(
                new Batch(
                    part.selfIdentifying() ? id : id.salted(salt),
                    TENANT,
                    part.columns(),
                    request.receivedMicros(),
                    request.giveUpNanos(),
                    free)));
      }
      return CompletableFuture.allOf(deliveries.toArray(CompletableFuture[]::new))
          .thenApply(all -> outcome());
    }

    private CompletableFuture<Delivery> deliver(Batch batch) {
      try {
        return forward.apply(batch);
      } catch (RejectedExecutionException e) {
        batch.free().run();
        return CompletableFuture.completedFuture(new Delivery.Unanswered("the Acceptor stops"));
      }
    }

    /** What may pass comes before what will not: the client may save the rest by sending again. */
    private Outcome outcome() {
      Delivery worst = new Delivery.Stored(false);
      for (CompletableFuture<Delivery> delivery : deliveries) {
        Delivery result = delivery.join();
        worst = weight(result) > weight(worst) ? result : worst;
      }
      if (worst instanceof Delivery.Unanswered unanswered) {
        return new Outcome.Unavailable(RETRY_MILLIS, unanswered.reason());
      }
      if (worst instanceof Delivery.Refused refused) {
        return new Outcome.Overloaded(refused.retryAfterMillis(), refused.reason());
      }
      if (worst instanceof Delivery.Rejected rejected) {
        return new Outcome.Malformed(rejected.reason());
      }
      return stored();
    }

    private Outcome stored() {
      for (int i = 0; i < rows.length; i++) {
        boolean repeat =
            deliveries.get(i).join() instanceof Delivery.Stored stored && stored.repeat();
        ledger.taken(decoded.parts().get(i).table(), rows[i], repeat);
      }
      ledger.rejected(request.signal(), decoded.rejected(), decoded.empty());
      return decoded.rejected() == 0
          ? Outcome.Stored.ALL
          : new Outcome.Stored(decoded.rejected(), decoded.reason());
    }

    private int weight(Delivery delivery) {
      if (delivery instanceof Delivery.Unanswered) {
        return 3;
      }
      if (delivery instanceof Delivery.Refused) {
        return 2;
      }
      return delivery instanceof Delivery.Rejected ? 1 : 0;
    }
  }

  /** What a request took of the budget, released when nothing of it is in memory any more. */
  private static final class Lease {
    private final AtomicInteger holders = new AtomicInteger(1);
    private final Runnable release;

    Lease(Runnable release) {
      this.release = release;
    }

    void retain() {
      holders.incrementAndGet();
    }

    void release() {
      if (holders.decrementAndGet() == 0) {
        release.run();
      }
    }
  }
}
