package io.sluice.writer.apply;

import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.LogConsumer;
import io.sluice.wal.LogRecord;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.BatchRows;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkKey;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.TableKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
  private final Ledger ledger;
  private final StreamHeads heads = new StreamHeads();
  private final long recoveredPosition;
  private volatile long logTimeMicros;

  /**
   * @param recoveredPosition of a log that this process has alone: what comes after it was taken by
   *     this process, also when it is applied from the log
   */
  public Applier(
      Window window,
      ChunkBuffer buffer,
      RowsByChunk rowsByChunk,
      BatchLoader loader,
      Ledger ledger,
      long recoveredPosition) {
    this.window = window;
    this.buffer = buffer;
    this.rowsByChunk = rowsByChunk;
    this.loader = loader;
    this.ledger = ledger;
    this.recoveredPosition = recoveredPosition;
  }

  /** Of a log with replicas: only what this process appended, and waits for, was taken by it. */
  public static Applier ofReplica(
      Window window,
      ChunkBuffer buffer,
      RowsByChunk rowsByChunk,
      BatchLoader loader,
      Ledger ledger) {
    return new Applier(window, buffer, rowsByChunk, loader, ledger, Long.MAX_VALUE);
  }

  private boolean isTaken(LogRecord record) {
    return record.attachment() != null || record.position() > recoveredPosition;
  }

  @Override
  public void apply(LogRecord record) {
    if (record.attachment() instanceof Applied live) {
      applyLive(record, live);
    } else {
      applyLogged(record);
    }
  }

  @Override
  public void lost(long upTo) {
    window.passed(upTo);
    buffer.applied(upTo);
  }

  private void applyLive(LogRecord record, Applied live) {
    LoadedBatch batch = live.batch();
    List<Boolean> repeats;
    try {
      TableKey table = table(record);
      repeats = decide(batch.metadata(), record);
      if (buffer.isFollowing()) { // it is stored all the same; its memory goes
        keepLogged(table, batch.metadata(), record, repeats);
        batch.close();
      } else {
        keep(table, batch, record.position(), repeats);
      }
    } catch (RuntimeException e) {
      batch.close();
      throw e;
    }
    done(record);
    live.applied(repeats);
  }

  /** Its rows stay in the log, so that memory is needed for none of them. */
  private void applyLogged(LogRecord record) {
    TableKey table = table(record);
    PutMetadata metadata = metadata(table, record);
    keepLogged(table, metadata, record, decide(metadata, record));
    done(record);
  }

  private void keepLogged(
      TableKey table, PutMetadata metadata, LogRecord record, List<Boolean> repeats) {
    long rows = 0;
    for (int i = 0; i < repeats.size(); i++) {
      rows += repeats.get(i) ? 0 : metadata.batches().get(i).rows();
    }
    if (record.position() > buffer.table(table).replayedTo()) {
      int[] voids = voids(repeats);
      RecordCounts more = isTaken(record) ? taken(metadata, repeats) : RecordCounts.replayed(rows);
      if (rows == 0) {
        buffer.addVoids(table, record.position(), voids, more);
      } else {
        long bytes = loadedBytes(table, metadata, record);
        buffer.addLogged(table, record.position(), rows, bytes, voids, more);
      }
    }
  }

  /** The last step of each record. */
  void done(LogRecord record) {
    logTimeMicros = record.logTimeMicros();
    window.age(logTimeMicros);
    buffer.applied(record.position());
  }

  /** Log time of the newest applied record. */
  public long logTimeMicros() {
    return logTimeMicros;
  }

  private List<Boolean> decide(PutMetadata metadata, LogRecord record) {
    boolean taken = isTaken(record);
    List<Boolean> repeats = new ArrayList<>(metadata.batches().size());
    int ordinal = 0;
    for (PutMetadata.Batch batch : metadata.batches()) {
      Occurrence is =
          window.decide(batch.id(), record.position(), ordinal++, record.logTimeMicros());
      repeats.add(is.isRepeat());
      if (taken && is.isRepeat()) {
        ledger.repeated(is.reason());
      }
    }
    return repeats;
  }

  private void keep(TableKey table, LoadedBatch batch, long position, List<Boolean> repeats) {
    boolean persisted = position <= buffer.table(table).replayedTo();
    int[] rows = CountingRows.of(batch.metadata(), repeats::get);
    if (persisted || rows.length == 0) {
      if (!persisted) {
        buffer.addVoids(table, position, voids(repeats), taken(batch.metadata(), repeats));
      }
      batch.close();
      return;
    }
    Map<ChunkKey, int[]> byChunk = rowsByChunk.split(batch.wire(), rows);
    buffer.add(
        table,
        new BatchRows(batch.at(position), byChunk),
        voids(repeats),
        taken(batch.metadata(), repeats));
  }

  private static RecordCounts taken(PutMetadata metadata, List<Boolean> repeats) {
    long rows = 0;
    long repeated = 0;
    for (int i = 0; i < repeats.size(); i++) {
      int more = metadata.batches().get(i).rows();
      rows += repeats.get(i) ? 0 : more;
      repeated += repeats.get(i) ? more : 0;
    }
    return RecordCounts.taken(rows, repeated);
  }

  private static int[] voids(List<Boolean> repeats) {
    return IntStream.range(0, repeats.size()).filter(repeats::get).toArray();
  }

  private long loadedBytes(TableKey table, PutMetadata metadata, LogRecord record) {
    try {
      FlightFrame frame = FlightFrame.parse(record.payload());
      return loader.loadedBytes(frame, metadata, record.payload().remaining());
    } catch (MalformedMessageException e) {
      throw cannotReplay(table.toString(), record, e);
    }
  }

  private static PutMetadata metadata(TableKey table, LogRecord record) {
    try {
      return PutMetadata.parse(FlightFrame.parse(record.payload()).metadata());
    } catch (MalformedMessageException e) {
      throw cannotReplay(table.toString(), record, e);
    }
  }

  private TableKey table(LogRecord record) {
    try {
      return heads.of(record.stream()).table();
    } catch (MalformedMessageException e) {
      throw cannotReplay("a stream", record, e);
    }
  }

  private static IllegalStateException cannotReplay(
      String what, LogRecord record, MalformedMessageException cause) {
    return new IllegalStateException(
        "cannot replay position %d of %s: %s (run 'sluice wal verify')"
            .formatted(record.position(), what, cause.getMessage()),
        cause);
  }
}
