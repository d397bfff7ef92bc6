package io.sluice.acceptor.receive;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opentelemetry.api.common.Attributes;
import io.sluice.acceptor.columns.ColumnsPool;
import io.sluice.acceptor.decode.DecodeLimits;
import io.sluice.acceptor.decode.Decoded;
import io.sluice.acceptor.decode.MalformedRequestException;
import io.sluice.acceptor.decode.RequestTooLargeException;
import io.sluice.acceptor.forward.Batch;
import io.sluice.acceptor.forward.Delivery;
import io.sluice.schema.security.DeniedException;
import io.sluice.schema.service.FailureLog;
import io.sluice.schema.service.SlowPaths;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.BatchId;
import java.io.IOException;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request, whatever it came by: decompressed, decoded (JSON by way of protobuf), cut into
 * batches, each with its id, forwarded, and answered when all of its batches are. Safe for any
 * thread; tells each outcome exactly once, whatever happens.
 */
public final class RequestHandler implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final int RETRY_MILLIS = 1_000;
  private static final Outcome TOO_LATE =
      new Outcome.Overloaded(RETRY_MILLIS, "the Acceptor had no time for it in time");

  private final int maxBytes;
  private final Decoders decoders;
  private final Function<Batch, CompletableFuture<Delivery>> forward;
  private final ByteBudget budget;
  private final Ledger ledger;
  private final Lanes lanes;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final Identity identity;
  private final Allowances allowances;
  private final Supplier<UUID> salts;
  private final RetryAfter retryAfter;
  private final RetryHints hints;
  private final FailureLog failures;
  private final SlowPaths slow;
  private final InFlight inFlight = new InFlight();

  /**
   * Nothing runs before the first request.
   *
   * @param pool where the columns of requests come from and go back to
   * @param forward takes a batch over, and frees it
   * @param lanes where requests are decompressed and decoded; each waits in its queue with what it
   *     holds of the budget, which therefore bounds the queue
   * @param identity by what a batch is known when it comes again
   * @param allowances told what each tenant sends
   * @param salts random, for what does not identify itself
   * @param random from 0 to below 1, for when refused clients come again
   */
  public RequestHandler(
      ReceiveLimits limits,
      DecodeLimits decode,
      ColumnsPool pool,
      Function<Batch, CompletableFuture<Delivery>> forward,
      Telemetry telemetry,
      Lanes lanes,
      ScheduledExecutorService timer,
      InstantSource clock,
      LongSupplier nanoClock,
      Identity identity,
      Allowances allowances,
      Supplier<UUID> salts,
      DoubleSupplier random) {
    this.maxBytes = limits.maxRequestBytes();
    this.decoders = new Decoders(pool, decode);
    this.forward = forward;
    this.budget =
        new ByteBudget(
            limits.maxBytesInFlight(), limits.admissionWait().toMillis(), timer, nanoClock);
    this.hints = new RetryHints(budget::retryMillis, random);
    this.failures = new FailureLog(nanoClock);
    this.ledger = new Ledger(telemetry);
    this.slow = telemetry.slow();
    this.lanes = lanes;
    this.clock = clock;
    this.nanoClock = nanoClock;
    this.identity = identity;
    this.allowances = allowances;
    this.salts = salts;
    this.retryAfter = new RetryAfter(random);
    telemetry.gauge("sluice.acceptor.requests.inflight", Attributes.empty(), this::inFlight);
    telemetry.gauge("sluice.acceptor.requests.waiting", Attributes.empty(), budget::waiting);
    telemetry.gauge("sluice.acceptor.inflight", Attributes.empty(), this::bytesInFlight);
  }

  /** What a new request of a tenant will hold of the budget. */
  Reservation reservation(String tenant) {
    return budget.reservation(tenant);
  }

  /** When HTTP clients are told to come again. */
  RetryAfter retryAfter() {
    return retryAfter;
  }

  /** A request's last byte has just come. */
  Arrival arrival() {
    return Arrival.now(clock, nanoClock);
  }

  /** Handles it on this thread, which is a worker, unless it is large. */
  void handle(Received request, Consumer<Outcome> answer) {
    process(request, begin(request, answer));
  }

  /** Handles it on a worker. */
  void handleLater(Received request, Consumer<Outcome> answer) {
    Ending end = begin(request, answer);
    try {
      lanes.small(request.tenant(), () -> process(request, end));
    } catch (RejectedExecutionException e) {
      end(request, end, ByteBudget.STOPPED);
    }
  }

  /** Counts a request that never was one, and says what is to be told. */
  Outcome refuse(Came came, Outcome outcome) {
    ledger.refused(came, outcome);
    return hints.told(outcome);
  }

  /** Of a request, compressed and decompressed. */
  int maxBytes() {
    return maxBytes;
  }

  /** Counts what was refused by its head alone. */
  void refuse(Came.Door door, @Nullable Signal signal, Ledger.Head why) {
    ledger.refused(door, signal, why);
  }

  /** What is told of a request that met a bug, or no memory: the client must keep its records. */
  Outcome failed(Signal signal, Throwable cause) {
    failed("a request of " + signal, cause);
    return new Outcome.Unavailable(RETRY_MILLIS, "the Acceptor failed");
  }

  private void failed(String what, Throwable cause) {
    ledger.failed();
    long passedOver = failures.log(cause);
    if (passedOver >= 0) {
      String text = "{} failed, and is answered as to be sent again ({} before were not logged)";
      LOG.error(text, what, passedOver, cause);
    }
  }

  /** Writes the ledger of each tenant and signal as a field of an open object. */
  public void writeLedger(JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("ledger");
    for (SignalRecords records : ledger.all()) {
      records.write(out);
    }
    out.writeEndArray();
  }

  /** What the status page shows of requests. */
  public PageFigures figures() {
    return ledger.figures();
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

  /** Tells whoever waits for admission, or comes, to come again elsewhere. */
  public void stop() {
    budget.close();
  }

  @Override
  public void close() {
    budget.close();
    decoders.close();
  }

  private Ending begin(Received request, Consumer<Outcome> answer) {
    inFlight.begin();
    return new Ending(request.came(), request.arrival().nanos(), answer);
  }

  private void process(Received request, Ending end) {
    if (!Lanes.maySmall(request) || !work(request, end, Math.min(Lanes.MOST_SMALL, maxBytes))) {
      processLarge(request, end);
    }
  }

  private void processLarge(Received request, Ending end) {
    try {
      if (!lanes.large(request.tenant(), () -> work(request, end, maxBytes))) {
        end(request, end, ByteBudget.NO_ROOM);
      }
    } catch (RejectedExecutionException e) {
      end(request, end, ByteBudget.STOPPED);
    } catch (Throwable e) {
      end(request, end, failed(request.signal(), e));
    }
  }

  private static void end(Received request, Ending end, Outcome why) {
    request.held().close();
    end.tell(why);
  }

  /** False if nothing came of it because it is larger than this limit, below that of requests. */
  private boolean work(Received request, Ending end, int limit) {
    Outcome refused;
    try {
      long now = nanoClock.getAsLong();
      end.steps.begun(now);
      if (now - request.giveUpNanos() > 0) {
        end(request, end, TOO_LATE);
        return true;
      }
      Outcome limited = allowances.refuses(request.tenant()); // others came since it was let in
      if (limited != null) {
        end(request, end, limited);
        return true;
      }
      Body body = request.encoding().decode(request.body(), limit, request.held());
      if (body instanceof Body.None none
          && none.outcome() instanceof Outcome.TooLarge
          && limit < maxBytes) {
        request.held().trim();
        return false;
      }
      if (body instanceof Body.Bytes bytes) {
        end.length = bytes.length();
        end.owed = end.length;
        if (allowances.known().knows(request.tenant())) {
          end.pay(0); // whatever comes of it, and before it costs more
        }
        if (bytes != request.body()) {
          request.body().release(request.held());
        }
        BatchId id = BatchId.ofBody(bytes.array(), 0, bytes.length());
        body = protobuf(request, bytes);
        if (body instanceof Body.Bytes protobuf) {
          request.held().trim();
          forward(request, id, protobuf, end);
          return true;
        }
      }
      refused = ((Body.None) body).outcome();
      if (refused instanceof Outcome.TooLarge && end.length == 0) {
        end.owed = maxBytes; // so much was decompressed
      }
    } catch (DeniedException e) {
      refused = new Outcome.Denied(e.why(), e.sentence());
    } catch (MalformedRequestException e) {
      refused = new Outcome.Malformed("byte " + e.at(), String.valueOf(e.getMessage()));
    } catch (RequestTooLargeException e) {
      refused = new Outcome.Malformed(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryException e) {
      LOG.warn("no memory for a request of {} bytes: {}", end.length, e.getMessage());
      refused = new Outcome.Overloaded(RETRY_MILLIS, "the Acceptor is out of memory");
    } catch (Throwable e) {
      refused = failed(request.signal(), e);
    }
    end.pay(0);
    end(request, end, refused);
    return true;
  }

  private Body protobuf(Received request, Body.Bytes bytes) {
    return switch (request.format()) {
      case PROTOBUF -> bytes;
      case JSON -> JsonBody.transcode(request, bytes, maxBytes, ledger);
    };
  }

  /** Throws before anything is on its way, or not at all. */
  private void forward(Received request, BatchId body, Body.Bytes bytes, Ending end)
      throws DeniedException {
    Signal signal = request.signal(); // what is kept until the answer knows no bytes
    UUID salt = salts.get(); // one per received request, before the first send
    Decoded decoded = decoders.decode(request.signal(), bytes.array(), bytes.length());
    String counted = counted(request.tenant(), decoded);
    end.pay(decoded.records());
    Forwarding forwarding =
        new Forwarding(
            request,
            identity,
            body,
            salt,
            decoded,
            decoders::free,
            failure -> failed("a batch of " + signal, failure));
    SignalRecords.Receipt receipt = ledger.received(counted, signal, decoded);
    end.receipt = receipt;
    end.steps.decoded(nanoClock.getAsLong());
    var unused =
        forwarding
            .start(forward)
            .whenComplete(
                (all, failure) -> {
                  Outcome outcome =
                      failure == null ? forwarding.outcome(receipt) : failed(signal, failure);
                  end.tell(outcome);
                });
  }

  /** Under which tenant its records are counted; one that brings none must not be remembered. */
  private String counted(String tenant, Decoded decoded) throws DeniedException {
    if (decoded.records() == 0) {
      return allowances.known().knows(tenant) ? tenant : Tenants.NEWCOMERS;
    }
    try {
      allowances.known().count(tenant);
      return tenant;
    } catch (DeniedException e) {
      decoded.parts().forEach(decoders::free);
      throw e;
    }
  }

  /** How a request ends: counted and told once. Knows nothing that keeps its bytes in memory. */
  private final class Ending {
    private final Came came;
    private final RequestSteps steps;
    private final Consumer<Outcome> answer;
    private int length;
    private long owed; // bytes that no tenant was charged for yet
    private SignalRecords.@Nullable Receipt receipt; // once it is decoded

    Ending(Came came, long startNanos, Consumer<Outcome> answer) {
      this.came = came;
      this.steps = new RequestSteps(startNanos);
      this.answer = answer;
    }

    /** Charges the tenant for its bytes, once, and for so many records. */
    void pay(long records) {
      if (owed > 0 || records > 0) {
        allowances.taken(came.tenant(), records, owed);
        owed = 0;
      }
    }

    void tell(Outcome outcome) {
      try {
        if (receipt != null) {
          receipt.ended(outcome);
        }
        long now = nanoClock.getAsLong();
        ledger.ended(came, outcome, length, steps.took(now));
        answer.accept(hints.told(outcome));
        steps.tell(slow, came, outcome, length, now);
      } catch (Throwable e) {
        LOG.warn("cannot answer a request of {}", came.signal(), e);
      } finally {
        inFlight.end();
      }
    }
  }
}
