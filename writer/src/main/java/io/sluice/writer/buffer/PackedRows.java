package io.sluice.writer.buffer;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import java.nio.ByteBuffer;
import org.apache.arrow.flatbuf.RecordBatch;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.util.MemoryUtil;

/**
 * A message's rows in its own bytes and a few objects. What says where each column is are some
 * hundred objects: of all hot batches they would be most of what the collector has to follow, so
 * they are made when somebody reads. Never changed until it is freed by {@link #close}.
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

  /**
   * Where in the message the rows' columns are; valid until it is closed.
   *
   * @throws MalformedMessageException not a record batch of the table's wire schema, or one that
   *     points outside itself
   */
  WireBatch read() throws MalformedMessageException {
    RecordBatch batch = BatchHeader.of(header);
    try {
      return WireBatch.read(
          table, batch, body.memoryAddress(), body.capacity(), ends, received, eventTime);
    } catch (RuntimeException e) { // its header leads outside itself, or says what cannot be
      throw new MalformedMessageException("cannot load batch of " + table + ": " + e.getMessage());
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
