package io.sluice.writer.intake;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.sluice.schema.page.Latency;
import io.sluice.schema.page.PageDocument;
import io.sluice.schema.page.PageDocument.Refusal;
import io.sluice.schema.page.Recent;
import io.sluice.schema.rows.ContentCheck;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.StreamHead;
import io.sluice.writer.buffer.TableKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * DoPut as a method of our own on the Flight service: the same wire protocol, but the message's
 * bytes stay as they came, are copied once, and go to the log like that. flight-core would copy
 * each body twice through the heap. Called by the streams' threads; holds no state but the budget.
 */
public final class Intake {

  private static final Logger LOG = LoggerFactory.getLogger(Intake.class);

  /** Some hundred thousand batches: far more than ride together, and little beside a budget. */
  private static final int MOST_METADATA_BYTES = 8 << 20;

  private static final int MOST_REASON_IN_KEY = 40;

  private static final long MOST_SKEW_MICROS = Duration.ofDays(31).toNanos() / 1000;

  private final PutLogs logs;
  private final BatchLoader loader;
  private final BufferAllocator allocator;
  private final IntakeBudget budget;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Supplier<UUID> random;
  private final Latency acks;
  private final Recent<Refusal> refusals;
  private volatile boolean draining;

  /**
   * @param budgetBytes bound of what is read and not yet applied, of all logs
   * @param random names the batches of clients that send no metadata
   */
  public Intake(
      PutLogs logs,
      BatchLoader loader,
      BufferAllocator allocator,
      long budgetBytes,
      Ledger ledger,
      InstantSource clock,
      LongSupplier nanoClock,
      Supplier<UUID> random) {
    this.logs = logs;
    this.loader = loader;
    this.allocator = allocator;
    this.budget = new IntakeBudget(budgetBytes, clock, nanoClock);
    this.ledger = ledger;
    this.acks = new Latency(ledger.acks);
    this.clock = clock;
    this.random = random;
    this.refusals = new Recent<>(clock);
  }

  /** The method, to stand in place of flight-core's. */
  public ServerMethodDefinition<?, ?> method(String fullName) {
    MethodDescriptor<Payload, byte[]> descriptor =
        MethodDescriptor.<Payload, byte[]>newBuilder()
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(fullName)
            .setRequestMarshaller(new PayloadMarshaller(allocator))
            .setResponseMarshaller(new PutResultMarshaller())
            .build();
    return ServerMethodDefinition.create(descriptor, this::open);
  }

  /** From now on every message is refused, retryable: the process is about to end. */
  public void drain() {
    draining = true;
  }

  public long bytesInFlight() {
    return budget.usedBytes();
  }

  /** From when a message was read to when it was answered, of those that were taken. */
  public Latency acks() {
    return acks;
  }

  /** The last messages that were not taken. */
  public PageDocument.Refusals refusals() {
    return new PageDocument.Refusals(refusals.total(), refusals.newestFirst());
  }

  void refused(TableKey table, PutAnswer answer) {
    String why =
        answer.status() == PutAnswer.Status.NOT_LEADER
            ? "another Writer leads the log " + answer.text()
            : answer.text();
    String like = why.substring(0, Math.min(why.length(), MOST_REASON_IN_KEY));
    refusals.add(
        List.of(table, answer.status(), like),
        new Refusal("Flight DoPut", table.tenant(), table.table().tableName(), why.strip()));
  }

  private PutStream open(ServerCall<Payload, byte[]> call, Metadata headers) {
    PutStream stream = new PutStream(call, this);
    stream.start();
    return stream;
  }

  /**
   * @throws MalformedMessageException the cluster has no such log
   */
  void requireLog(StreamHead head) throws MalformedMessageException {
    if (head.log() >= logs.count()) {
      throw new MalformedMessageException(
          "cannot open put: log %d (the cluster has %d, from 0)"
              .formatted(head.log(), logs.count()));
    }
  }

  /**
   * Takes the payload over, and sees to it that the stream answers it once.
   *
   * @throws MalformedMessageException it is no FlightData message: the stream cannot go on
   */
  void accept(PutStream stream, StreamHead head, Payload payload) throws MalformedMessageException {
    PutAnswer refusal;
    boolean stock;
    try (Offer offer = new Offer(payload, budget, stream.sender())) {
      FlightFrame frame = FlightFrame.parse(payload.bytes());
      if (!frame.header().hasRemaining()) {
        stream.ignored();
        return;
      }
      stock = !frame.metadata().hasRemaining();
      refusal = take(stream, head, offer, frame, stock);
    } catch (MalformedMessageException e) {
      ledger.malformed.increment();
      throw e;
    }
    if (refusal != null) {
      stream.answer(refusal, stock);
    }
  }

  /** Null if it was appended: then it is answered when it is applied. */
  private @Nullable PutAnswer take(
      PutStream stream, StreamHead head, Offer offer, FlightFrame frame, boolean stock)
      throws MalformedMessageException {
    PutMetadata sent = stock ? null : metadata(frame);
    long sequence = sent == null ? 0 : sent.sequence();
    PutLog log = logs.hosted(head.log());
    if (log == null) {
      return Refusals.notLeader(sequence, logs.leader(head.log()), ledger);
    }
    Refusals refusals = log.refusals();
    try {
      offer.unpacksTo(sent == null ? 0 : plainBytes(frame, sent));
      PutAnswer busy = busy(log, sequence, head, offer);
      if (busy != null) {
        return busy;
      }
      BatchId stray = sent == null ? null : stray(sent, head.log());
      if (stray != null) {
        return refusals.wrongLog(sequence, stray, head.log(), logs.count());
      }
      if (sent == null) {
        offer.extend(metadataField(loader.rows(frame)), allocator);
        FlightFrame extended = FlightFrame.parse(offer.payload().bytes());
        append(log, stream, head, offer, extended, metadata(extended), stock);
      } else {
        append(log, stream, head, offer, frame, timely(sent, frame), stock);
      }
      return null;
    } catch (LogFullException e) {
      return refusals.logFull(sequence, e);
    } catch (LogFailedException e) {
      return refusals.failed(sequence, e);
    } catch (RejectedContentException e) {
      ledger.malformed.increment();
      return PutAnswer.malformed(sequence, String.valueOf(e.getMessage()));
    } catch (OutOfMemoryException | OutOfMemoryError e) {
      return refusals.notLoaded(sequence, e);
    } catch (RuntimeException | Error e) { // ours to mend: the sender keeps it until then
      LOG.error("cannot take a message of {}", head.table(), e);
      return refusals.failed(sequence, "cannot take it: " + e);
    }
  }

  private void append(
      PutLog log,
      PutStream stream,
      StreamHead head,
      Offer offer,
      FlightFrame frame,
      PutMetadata metadata,
      boolean stock)
      throws RejectedContentException, LogFullException, LogFailedException {
    Payload payload = offer.payload();
    LoadedBatch batch;
    try {
      batch = loader.load(head.table().table(), frame, metadata, payload.buffer());
      offer.loaded(batch);
      ContentCheck.check(batch.wire());
    } catch (MalformedMessageException e) {
      throw new RejectedContentException(e);
    }
    PutMessage message =
        new PutMessage(
            stream,
            payload,
            metadata,
            stock,
            batch,
            offer.share(),
            budget,
            log.refusals(),
            offer.begunNanos(),
            acks);
    log.durable().append(message.record(head.bytes()));
    offer.handedOver();
  }

  /** Bounded, as it is read before the message has its share of the budget. */
  private static PutMetadata metadata(FlightFrame frame) throws MalformedMessageException {
    ByteBuffer metadata = frame.metadata();
    if (metadata.remaining() > MOST_METADATA_BYTES) {
      throw new MalformedMessageException(
          "cannot take message: %d bytes of metadata (at most %d)"
              .formatted(metadata.remaining(), MOST_METADATA_BYTES));
    }
    return PutMetadata.parse(metadata);
  }

  private int plainBytes(FlightFrame frame, PutMetadata sent) throws RejectedContentException {
    try {
      return loader.plainBytes(frame, sent);
    } catch (MalformedMessageException e) {
      throw new RejectedContentException(e);
    }
  }

  /** A batch that is of another log, by its id; null if there is none. */
  private @Nullable BatchId stray(PutMetadata metadata, int log) {
    for (PutMetadata.Batch batch : metadata.batches()) {
      if (batch.id().log(logs.count()) != log) {
        return batch.id();
      }
    }
    return null;
  }

  /** Why the message cannot be taken now; else it has its share of the budget. */
  private @Nullable PutAnswer busy(PutLog log, long sequence, StreamHead head, Offer offer) {
    Refusals refusals = log.refusals();
    refusals.look();
    Leadership leadership = log.durable().leadership();
    if (!leadership.leads()) { // before all else, as another may have room
      return Refusals.notLeader(sequence, leadership.leader(), ledger);
    }
    if (draining) {
      return refusals.stopping(sequence);
    }
    Persisting persisting = log.persisting();
    String stuck = persisting.refusal(head.table());
    if (stuck != null) {
      return refusals.stuck(sequence, stuck);
    }
    if (persisting.bytesOver() >= 0) {
      return refusals.noMemory(sequence);
    }
    if (persisting.isCrowdedBy(head.table().tenant(), log.durable().usage())) {
      return refusals.crowded(sequence);
    }
    if (persisting.hasTooManyBatches()) {
      return refusals.tooManyBatches(sequence);
    }
    if (offer.takeShare()) {
      return null;
    }
    return refusals.tooManyInFlight(sequence, offer.retryMillis());
  }

  /**
   * The received time decides partitions, and an Acceptor's clock may stand anywhere: what is too
   * far from ours becomes ours, in the message's bytes as well, so that a replay finds the same.
   */
  private PutMetadata timely(PutMetadata metadata, FlightFrame frame) {
    long now = nowMicros();
    List<PutMetadata.Batch> batches = new ArrayList<>(metadata.batches().size());
    int moved = 0;
    for (PutMetadata.Batch batch : metadata.batches()) {
      boolean near =
          batch.receivedMicros() >= now - MOST_SKEW_MICROS
              && batch.receivedMicros() <= now + MOST_SKEW_MICROS;
      moved += near ? 0 : 1;
      batches.add(near ? batch : new PutMetadata.Batch(batch.id(), batch.rows(), now));
    }
    if (moved == 0) {
      return metadata;
    }
    ledger.batchesRetimed.add(moved);
    PutMetadata own = new PutMetadata(metadata.zstd(), metadata.sequence(), batches);
    frame.metadata().duplicate().put(own.toBytes());
    return own;
  }

  private long nowMicros() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /** A stock client's message is one batch that nobody will recognise. */
  private byte[] metadataField(int rows) {
    UUID id = random.get();
    PutMetadata.Batch batch =
        new PutMetadata.Batch(
            new BatchId(id.getMostSignificantBits(), id.getLeastSignificantBits()),
            rows,
            nowMicros());
    byte[] metadata = new PutMetadata(false, 0, List.of(batch)).toBytes();
    ByteBuffer field =
        ByteBuffer.allocate(1 + FlightFrame.varintSize(metadata.length) + metadata.length);
    field.put((byte) FlightFrame.METADATA_TAG);
    FlightFrame.putVarint(field, metadata.length);
    return field.put(metadata).array();
  }
}
