package io.sluice.writer.buffer;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;

/** Turns a message's bytes into checked rows in the same memory. Stateless. */
public final class BatchLoader {

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
    long memory = allocator.getRoundingPolicy().getRoundedSize(bytes);
    return PackedRows.bytes(memory, metadata) + HotBatch.COLUMN_BYTES;
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
    long rows = BatchHeader.rows(frame.header());
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
   * @throws OutOfMemoryException there is no memory for a body that is compressed
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
    long rows = BatchHeader.rows(frame.header());
    if (rows != metadata.rows()) {
      throw new MalformedMessageException(
          "cannot load batch: it has %d rows, its metadata names %d"
              .formatted(rows, metadata.rows()));
    }
    PackedRows packed = PackedRows.of(table, frame, metadata, memory, eventTime);
    try {
      return new LoadedBatch(metadata, packed, packed.read());
    } catch (MalformedMessageException | RuntimeException | Error e) {
      packed.close();
      throw e;
    }
  }
}
