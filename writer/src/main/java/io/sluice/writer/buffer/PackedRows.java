package io.sluice.writer.buffer;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.schema.wire.WireSchema;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.util.MemoryUtil;
import org.apache.arrow.vector.VectorLoader;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.message.ArrowRecordBatch;
import org.apache.arrow.vector.ipc.message.MessageSerializer;

/**
 * A message's rows in its own bytes and a few objects. Vectors over them are some hundred objects:
 * of all hot batches they would be most of what the collector has to follow, so they are made when
 * somebody reads. Never changed until it is freed by {@link #close}.
 */
final class PackedRows implements AutoCloseable {

  /** A few objects, and what its set knows of it, beside a number for each row. */
  private static final long OBJECT_BYTES = 2 << 10;

  private final Table table;
  private final long bytes;
  private final ByteBuffer header;
  private final ArrowBuf body;
  private final int[] ends;
  private final long[] received;
  private final EventTime eventTime;
  private boolean closed; // the owner's

  /** The rows as vectors over the same memory. Closing the root gives back what they retain. */
  record Vectors(VectorSchemaRoot root, WireBatch wire) {}

  private PackedRows(
      Table table,
      long bytes,
      ByteBuffer header,
      ArrowBuf body,
      PutMetadata metadata,
      EventTime eventTime) {
    int n = metadata.batches().size();
    this.table = table;
    this.bytes = bytes;
    this.header = header;
    this.body = body;
    this.ends = new int[n];
    this.received = new long[n];
    this.eventTime = eventTime;
    int end = 0;
    for (int i = 0; i < n; i++) {
      PutMetadata.Batch batch = metadata.batches().get(i);
      end += batch.rows();
      ends[i] = end;
      received[i] = batch.receivedMicros();
    }
  }

  /**
   * @param memory what the frame's body is a view of; retained
   */
  static PackedRows of(
      Table table, FlightFrame frame, PutMetadata metadata, ArrowBuf memory, EventTime eventTime) {
    ByteBuffer header = within(memory, frame.header());
    long bytes = bytes(memory.capacity(), metadata);
    return new PackedRows(table, bytes, header, body(frame, memory), metadata, eventTime);
  }

  /** What a message takes that has so much memory. */
  static long bytes(long memoryBytes, PutMetadata metadata) {
    return memoryBytes + OBJECT_BYTES + metadata.rows() * Integer.BYTES;
  }

  /** A view of the same memory, which is kept anyway; of other memory a copy. */
  private static ByteBuffer within(ArrowBuf memory, ByteBuffer bytes) {
    int length = bytes.remaining();
    if (bytes.isDirect()) {
      long offset = MemoryUtil.getByteBufferAddress(bytes) - memory.memoryAddress();
      if (offset >= 0 && offset + length <= memory.capacity()) {
        return memory.nioBuffer(offset, length);
      }
    }
    return ByteBuffer.allocate(length).put(bytes.duplicate()).flip();
  }

  private static ArrowBuf body(FlightFrame frame, ArrowBuf memory) {
    ByteBuffer body = frame.body();
    memory.getReferenceManager().retain();
    if (!body.hasRemaining()) {
      return memory.slice(0, 0);
    }
    long offset = MemoryUtil.getByteBufferAddress(body) - memory.memoryAddress();
    return memory.slice(offset, body.remaining());
  }

  /** What it takes of memory. */
  long bytes() {
    return bytes;
  }

  /** The record batch's buffers, over the same memory; closed by the caller. */
  ArrowRecordBatch buffers(RecordBatch of) throws IOException {
    body.getReferenceManager().retain();
    try {
      return MessageSerializer.deserializeRecordBatch(of, body);
    } catch (IOException | RuntimeException | Error e) { // Arrow asserts what a header promises
      body.getReferenceManager().release();
      throw e;
    }
  }

  /** What stands beside the vectors of each row. */
  WireBatch wire(VectorSchemaRoot root) {
    return new WireBatch(table, root, ends, received, eventTime);
  }

  /**
   * Vectors over rows that were checked before.
   *
   * @throws org.apache.arrow.memory.OutOfMemoryException there is no memory for what is not in the
   *     message itself
   */
  Vectors unpack(BufferAllocator allocator) throws IOException {
    VectorSchemaRoot root = VectorSchemaRoot.create(WireSchema.of(table), allocator);
    boolean loaded = false;
    try {
      Message message =
          Message.getRootAsMessage(
              ByteBuffer.allocate(header.remaining()).put(header.duplicate()).flip());
      try (ArrowRecordBatch batch = buffers((RecordBatch) message.header(new RecordBatch()))) {
        new VectorLoader(root).load(batch);
      }
      Vectors vectors = new Vectors(root, wire(root));
      loaded = true;
      return vectors;
    } finally {
      if (!loaded) {
        root.close();
      }
    }
  }

  /** Does nothing the second time: an owner may fail just as it hands over. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      body.close();
    }
  }
}
