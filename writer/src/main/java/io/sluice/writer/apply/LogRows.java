package io.sluice.writer.apply;

import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.DurableLog;
import io.sluice.wal.LogCursor;
import io.sluice.wal.LogRecord;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.BatchRows;
import io.sluice.writer.buffer.HotBatch;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.LoggedPart;
import io.sluice.writer.buffer.LoggedRows;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.jspecify.annotations.Nullable;

/** Rows as the log has them, loaded anew: the same as when they were applied. Thread-safe. */
public final class LogRows implements LoggedRows {

  private final DurableLog log;
  private final RowsByChunk rowsByChunk;
  private final BatchLoader loader;
  private final BufferAllocator allocator;

  public LogRows(
      DurableLog log, RowsByChunk rowsByChunk, BatchLoader loader, BufferAllocator allocator) {
    this.log = log;
    this.rowsByChunk = rowsByChunk;
    this.loader = loader;
    this.allocator = allocator;
  }

  @Override
  public Cursor open(TableKey table, LoggedPart part, long after) throws IOException {
    StreamHeads heads = new StreamHeads();
    LogCursor records =
        log.read(Math.max(part.from(), after) + 1, stream -> mayBeOf(table, stream, heads));
    return new PartCursor(table, part, records, heads);
  }

  /** The payload holds for this call only, so the rows get memory of their own. */
  BatchRows load(TableKey table, long position, ByteBuffer payload, int[] counting)
      throws MalformedMessageException {
    int length = payload.remaining();
    try (ArrowBuf memory = allocator.buffer(Math.max(1, length))) {
      memory.setBytes(0, payload);
      FlightFrame frame = FlightFrame.parse(memory.nioBuffer(0, length));
      LoadedBatch loaded =
          loader.load(table.table(), frame, PutMetadata.parse(frame.metadata()), memory);
      HotBatch batch = loaded.at(position);
      return new BatchRows(batch, rowsByChunk.split(batch.wire(), counting));
    }
  }

  /** One that cannot be read may be: then its records come, and are an error. */
  private static boolean mayBeOf(TableKey table, byte[] stream, StreamHeads heads) {
    try {
      return heads.of(stream).table().equals(table);
    } catch (MalformedMessageException e) {
      return true;
    }
  }

  /** Passes what is of other tables by its stream: mostly, it was not even read. */
  private final class PartCursor implements Cursor {

    private final TableKey table;
    private final LoggedPart part;
    private final LogCursor records;
    private final StreamHeads heads;
    private long passed;

    PartCursor(TableKey table, LoggedPart part, LogCursor records, StreamHeads heads) {
      this.table = table;
      this.part = part;
      this.records = records;
      this.heads = heads;
    }

    @Override
    public @Nullable BatchRows next() throws IOException {
      while (passed < part.to()) {
        LogRecord record = records.next();
        if (record == null || record.position() > part.to()) {
          throw new IOException(
              "cannot read back rows of %s: the log has nothing at position %d (run 'sluice wal verify')"
                  .formatted(table, part.to()));
        }
        passed = record.position();
        BatchRows rows = rows(record);
        if (rows != null) {
          return rows;
        }
      }
      return null;
    }

    private @Nullable BatchRows rows(LogRecord record) throws IOException {
      try {
        if (record.isNote() || !heads.of(record.stream()).table().equals(table)) {
          return null;
        }
        PutMetadata metadata = PutMetadata.parse(FlightFrame.parse(record.payload()).metadata());
        int[] counting =
            CountingRows.of(metadata, i -> part.voids().contains(record.position(), i));
        return counting.length == 0
            ? null
            : load(table, record.position(), record.payload(), counting);
      } catch (MalformedMessageException e) {
        throw new IOException(
            "cannot read back position %d of %s: %s (run 'sluice wal verify')"
                .formatted(record.position(), table, e.getMessage()),
            e);
      } catch (OutOfMemoryException e) {
        throw new IOException(
            "cannot read back position %d of %s: no memory".formatted(record.position(), table), e);
      }
    }

    @Override
    public void close() {
      records.close();
    }
  }
}
