package io.sluice.writer.intake;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.DurableLog;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogFullException;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.StreamHead;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * DoPut as a method of our own on the Flight service: the same wire protocol, but the message's
 * bytes stay as they came, are copied once, and go to the log like that. flight-core would copy
 * each body twice through the heap. Called by the streams' threads; holds no state but the budget.
 */
public final class Intake {

  static final int FAILED_RETRY_MILLIS = 2000;
  private static final int FULL_RETRY_MILLIS = 1000;
  private static final int BUSY_RETRY_MILLIS = 100;

  private final DurableLog log;
  private final BatchLoader loader;
  private final BufferAllocator allocator;
  private final IntakeBudget budget;
  private final BooleanSupplier memoryLeft;
  private final Ledger ledger;
  private final InstantSource clock;
  private final Supplier<UUID> random;
  private volatile boolean draining;

  /**
   * @param budgetBytes bound of what is read and not yet applied
   * @param memoryLeft false while the hot rows are over their budget: refuse, retryable
   * @param random names the batches of clients that send no metadata
   */
  public Intake(
      DurableLog log,
      BatchLoader loader,
      BufferAllocator allocator,
      long budgetBytes,
      BooleanSupplier memoryLeft,
      Ledger ledger,
      InstantSource clock,
      Supplier<UUID> random) {
    this.log = log;
    this.loader = loader;
    this.allocator = allocator;
    this.budget = new IntakeBudget(budgetBytes);
    this.memoryLeft = memoryLeft;
    this.ledger = ledger;
    this.clock = clock;
    this.random = random;
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

  private PutStream open(ServerCall<Payload, byte[]> call, Metadata headers) {
    PutStream stream = new PutStream(call, this);
    stream.start();
    return stream;
  }

  /**
   * Takes the payload over, and sees to it that the stream answers it once.
   *
   * @throws MalformedMessageException it is no FlightData message: the stream cannot go on
   */
  void accept(PutStream stream, StreamHead head, Payload payload) throws MalformedMessageException {
    FlightFrame frame;
    PutMetadata metadata;
    Payload whole = payload;
    boolean stock;
    try {
      frame = FlightFrame.parse(payload.bytes());
      stock = !frame.metadata().hasRemaining();
      if (!frame.header().hasRemaining()) {
        payload.close();
        stream.ignored();
        return;
      }
      if (stock) {
        whole = payload.with(metadataField(loader.rows(frame)), allocator);
        payload.close();
        frame = FlightFrame.parse(whole.bytes());
      }
      metadata = PutMetadata.parse(frame.metadata());
    } catch (MalformedMessageException e) {
      whole.close();
      ledger.malformed.increment();
      throw e;
    }
    append(stream, head, whole, frame, metadata, stock);
  }

  private void append(
      PutStream stream,
      StreamHead head,
      Payload payload,
      FlightFrame frame,
      PutMetadata metadata,
      boolean stock) {
    String busy = busy(payload);
    if (busy != null) {
      ledger.refused.increment();
      payload.close();
      stream.answer(PutAnswer.refused(metadata.sequence(), BUSY_RETRY_MILLIS, busy), stock);
      return;
    }
    LoadedBatch batch;
    try {
      batch = loader.load(head.table().table(), frame, metadata, payload.buffer());
    } catch (MalformedMessageException e) {
      ledger.malformed.increment();
      budget.giveBack(payload.length());
      payload.close();
      stream.answer(
          PutAnswer.malformed(metadata.sequence(), String.valueOf(e.getMessage())), stock);
      return;
    }
    PutMessage message = new PutMessage(stream, payload, metadata, stock, batch, budget);
    try {
      log.append(message.record(head.bytes()));
    } catch (LogFullException e) {
      ledger.refused.increment();
      message.refused(FULL_RETRY_MILLIS, String.valueOf(e.getMessage()));
    } catch (LogFailedException e) {
      ledger.refused.increment();
      message.refused(FAILED_RETRY_MILLIS, String.valueOf(e.getMessage()));
    }
  }

  /** Why the payload cannot be taken now; else its budget is taken. */
  private @Nullable String busy(Payload payload) {
    if (draining) {
      return "this Writer is stopping";
    }
    if (!memoryLeft.getAsBoolean()) {
      return "the memory for rows that are not yet persisted is used up";
    }
    return budget.take(payload.length()) ? null : "too many bytes are in flight";
  }

  /** A stock client's message is one batch that nobody will recognise. */
  private byte[] metadataField(int rows) {
    UUID id = random.get();
    long received = ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    PutMetadata.Batch batch =
        new PutMetadata.Batch(
            new BatchId(id.getMostSignificantBits(), id.getLeastSignificantBits()), rows, received);
    byte[] metadata = new PutMetadata(false, 0, List.of(batch)).toBytes();
    ByteBuffer field =
        ByteBuffer.allocate(1 + FlightFrame.varintSize(metadata.length) + metadata.length);
    field.put((byte) FlightFrame.METADATA_TAG);
    FlightFrame.putVarint(field, metadata.length);
    return field.put(metadata).array();
  }
}
