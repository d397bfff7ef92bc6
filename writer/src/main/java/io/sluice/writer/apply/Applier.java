package io.sluice.writer.apply;

import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogRecord;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.StreamHead;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.jspecify.annotations.Nullable;

/**
 * Decides every record in log order: which of its batches count, which chunks their rows belong to;
 * then tells who waits. Runs on the log's apply thread only, live and in replay alike, so that the
 * state is a function of the log and of nothing else.
 */
public final class Applier implements LogConsumer {

  private final Window window;
  private final ChunkBuffer buffer;
  private final RowsByChunk rowsByChunk;
  private final BatchLoader loader;
  private final BufferAllocator allocator;
  private final Ledger ledger;
  private byte[] lastStream = new byte[0];
  private @Nullable StreamHead lastHead;
  private volatile long logTimeMicros;

  public Applier(
      Window window,
      ChunkBuffer buffer,
      RowsByChunk rowsByChunk,
      BatchLoader loader,
      BufferAllocator allocator,
      Ledger ledger) {
    this.window = window;
    this.buffer = buffer;
    this.rowsByChunk = rowsByChunk;
    this.loader = loader;
    this.allocator = allocator;
    this.ledger = ledger;
  }

  @Override
  public void apply(LogRecord record) {
    StreamHead head = head(record.stream());
    Applied live = record.attachment() instanceof Applied waiting ? waiting : null;
    LoadedBatch batch = live != null ? live.batch() : load(head, record);
    List<Boolean> repeats;
    try {
      repeats = decide(batch.metadata(), record, live != null);
    } catch (RuntimeException e) {
      batch.close();
      throw e;
    }
    keep(head, batch, record.position(), repeats, live != null);
    logTimeMicros = record.logTimeMicros();
    window.age(logTimeMicros);
    buffer.applied(record.position());
    if (live != null) {
      live.applied(repeats);
    }
  }

  /** Log time of the newest applied record. */
  public long logTimeMicros() {
    return logTimeMicros;
  }

  private List<Boolean> decide(PutMetadata metadata, LogRecord record, boolean live) {
    List<Boolean> repeats = new ArrayList<>(metadata.batches().size());
    int ordinal = 0;
    for (PutMetadata.Batch batch : metadata.batches()) {
      Occurrence is =
          window.decide(batch.id(), record.position(), ordinal++, record.logTimeMicros());
      repeats.add(is.isRepeat());
      if (live) {
        ledger.taken.add(batch.rows());
        if (is.isRepeat()) {
          ledger.repeated(batch.rows(), is.reason());
        }
      }
    }
    return repeats;
  }

  private void keep(
      StreamHead head, LoadedBatch batch, long position, List<Boolean> repeats, boolean live) {
    boolean persisted = position <= buffer.table(head.table()).mark();
    if (persisted || !repeats.contains(false)) {
      batch.close();
      return;
    }
    int[] rows = counting(batch.metadata(), repeats);
    if (!live) {
      ledger.replayed.add(rows.length);
    }
    buffer.add(head.table(), batch.at(position), rowsByChunk.split(batch.wire(), rows));
  }

  /** The rows of the batches that count. */
  private static int[] counting(PutMetadata metadata, List<Boolean> repeats) {
    int[] rows = new int[Math.toIntExact(metadata.rows())];
    int n = 0;
    int row = 0;
    for (int i = 0; i < repeats.size(); i++) {
      int end = row + metadata.batches().get(i).rows();
      for (; row < end; row++) {
        if (!repeats.get(i)) {
          rows[n++] = row;
        }
      }
    }
    return n == rows.length ? rows : Arrays.copyOf(rows, n);
  }

  /** Replay: the payload is the log's, so the rows get memory of their own. */
  private LoadedBatch load(StreamHead head, LogRecord record) {
    ByteBuffer payload = record.payload();
    try (ArrowBuf memory = allocator.buffer(Math.max(1, payload.remaining()))) {
      int length = payload.remaining();
      memory.setBytes(0, payload);
      FlightFrame frame = FlightFrame.parse(memory.nioBuffer(0, length));
      PutMetadata metadata = PutMetadata.parse(frame.metadata());
      return loader.load(head.table().table(), frame, metadata, memory);
    } catch (MalformedMessageException e) {
      throw new IllegalStateException(
          "cannot replay position %d of %s: %s (run 'sluice wal verify')"
              .formatted(record.position(), head.table(), e.getMessage()),
          e);
    }
  }

  private StreamHead head(byte[] stream) {
    StreamHead head = lastHead;
    if (head != null && (lastStream == stream || Arrays.equals(lastStream, stream))) {
      return head;
    }
    try {
      head = StreamHead.parse(ByteBuffer.wrap(stream));
    } catch (MalformedMessageException e) {
      throw new IllegalStateException("cannot replay a stream: " + e.getMessage(), e);
    }
    lastStream = stream;
    lastHead = head;
    return head;
  }
}
