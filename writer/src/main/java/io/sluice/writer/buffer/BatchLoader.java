package io.sluice.writer.buffer;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.WireSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.MessageHeader;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;

/** Turns a message's bytes into checked vectors over the same memory. Stateless. */
public final class BatchLoader {

  /** What the vectors of one batch take beside its bytes, on the heap for the most part. */
  private static final long VECTOR_BYTES = 48 << 10;

  private final BufferAllocator allocator;
  private final EventTime eventTime;

  public BatchLoader(BufferAllocator allocator, EventTime eventTime) {
    this.allocator = allocator;
    this.eventTime = eventTime;
  }

  /**
   * What a message of so many bytes takes of memory once it is loaded over memory of its own.
   *
   * @throws MalformedMessageException its body is compressed, and does not say how long it is
   */
  public long loadedBytes(FlightFrame frame, PutMetadata metadata, int messageBytes)
      throws MalformedMessageException {
    int bytes = metadata.zstd() ? plainBytes(frame, metadata) : Math.max(1, messageBytes);
    return allocator.getRoundingPolicy().getRoundedSize(bytes) + VECTOR_BYTES;
  }

  /**
   * What its body takes of memory beside the message: 0 unless it is compressed.
   *
   * @throws MalformedMessageException it does not say
   */
  public int plainBytes(FlightFrame frame, PutMetadata metadata) throws MalformedMessageException {
    return metadata.zstd() ? PlainBody.bytes(frame.body()) : 0;
  }

  /** How many rows the message's record batch says it has. */
  public int rows(FlightFrame frame) throws MalformedMessageException {
    long rows = length(batch(frame.header()));
    if (rows < 0 || rows > Integer.MAX_VALUE) {
      throw new MalformedMessageException("cannot load batch: it says it has " + rows + " rows");
    }
    return (int) rows;
  }

  /**
   * @param memory what the frame's body is a view of; retained by the result, unless the body is
   *     compressed: then its rows have memory of their own
   * @throws MalformedMessageException not a record batch of the table's wire schema, or one that
   *     points outside itself
   * @throws OutOfMemoryException there is no memory for what is not in the message itself
   */
  public LoadedBatch load(Table table, FlightFrame frame, PutMetadata metadata, ArrowBuf memory)
      throws MalformedMessageException {
    if (!metadata.zstd()) {
      return loadPlain(table, frame, metadata, memory);
    }
    try (ArrowBuf plain = PlainBody.read(frame.body(), allocator)) {
      ByteBuffer body = plain.nioBuffer(0, PlainBody.bytes(frame.body()));
      FlightFrame unpacked = new FlightFrame(null, frame.header(), frame.metadata(), body);
      return loadPlain(table, unpacked, metadata, plain);
    }
  }

  private LoadedBatch loadPlain(
      Table table, FlightFrame frame, PutMetadata metadata, ArrowBuf memory)
      throws MalformedMessageException {
    RecordBatch header = batch(frame.header());
    if (length(header) != metadata.rows()) {
      throw new MalformedMessageException(
          "cannot load batch: it has %d rows, its metadata names %d"
              .formatted(length(header), metadata.rows()));
    }
    VectorSchemaRoot root = VectorSchemaRoot.create(WireSchema.of(table), allocator);
    PackedRows packed = null;
    boolean loaded = false;
    try {
      PromiseCheck.ranges(header, frame.body().remaining());
      packed = PackedRows.of(table, frame, metadata, memory, eventTime);
      try (ArrowRecordBatch batch = packed.buffers(header)) {
        PromiseCheck.check(batch, root.getSchema().getFields());
        new VectorLoader(root).load(batch);
      }
      VectorCheck.check(root);
      WireBatch wire = packed.wire(root);
      loaded = true;
      long bytes = memory.capacity() + VECTOR_BYTES;
      return new LoadedBatch(metadata, packed, root, wire, allocator, bytes);
    } catch (OutOfMemoryException e) {
      throw e; // no fault of the message
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new MalformedMessageException("cannot load batch of " + table + ": " + e.getMessage());
    } finally {
      if (!loaded) {
        root.close();
        if (packed != null) {
          packed.close();
        }
      }
    }
  }

  private static RecordBatch batch(ByteBuffer bytes) throws MalformedMessageException {
    try {
      return recordBatch(message(bytes));
    } catch (RuntimeException e) {
      throw new MalformedMessageException("cannot load batch: unreadable header: " + e);
    }
  }

  private static long length(RecordBatch header) throws MalformedMessageException {
    try {
      return header.length();
    } catch (IndexOutOfBoundsException e) {
      throw new MalformedMessageException("cannot load batch: unreadable header: " + e);
    }
  }

  private static RecordBatch recordBatch(Message message) throws MalformedMessageException {
    if (message.headerType() != MessageHeader.RecordBatch
        || !(message.header(new RecordBatch()) instanceof RecordBatch batch)) {
      throw new MalformedMessageException("cannot load batch: the message is no record batch");
    }
    if (batch.compression() != null) {
      throw new MalformedMessageException("cannot load batch: its buffers are compressed");
    }
    return batch;
  }

  /** Flatbuffers reads unchecked offsets: what does not lead anywhere throws. */
  private static Message message(ByteBuffer header) {
    return Message.getRootAsMessage(
        ByteBuffer.allocate(header.remaining()).put(header.duplicate()).flip());
  }
}
