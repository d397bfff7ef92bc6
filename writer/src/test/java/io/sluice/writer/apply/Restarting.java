package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.LoadedBatch;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.SetRows;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * A process that decides, persists and releases, and what outlives it: the log, the tables, the
 * directory of the checkpoint. A batch has one row, so that a row's place says which occurrence of
 * its batch it came with.
 */
final class Restarting {

  static final TableKey[] KEYS = {
    new TableKey("default", Table.TRACES), new TableKey("other", Table.TRACES)
  };

  /** One batch of one record, in log order, and how it was answered if it was. */
  static final class Sent {
    final BatchId id;
    final long position;
    final int ordinal;
    final long logTime;
    Boolean answeredAsRepeat;
    int inTable;

    Sent(BatchId id, long position, int ordinal, long logTime) {
      this.id = id;
      this.position = position;
      this.ordinal = ordinal;
      this.logTime = logTime;
    }

    @Override
    public String toString() {
      return "%s at %d.%d, time %d, repeat %s, in table %d"
          .formatted(id, position, ordinal, logTime, answeredAsRepeat, inTable);
    }
  }

  final MemoryLog log = new MemoryLog();
  final List<Sent> sent = new ArrayList<>();
  SimulatedDirectory directory = new SimulatedDirectory();
  private final List<LogRecord> records = log.records;
  private final Map<TableKey, Long> marks = new HashMap<>();
  private final long windowMicros;
  private final int room;
  long evictedEarly;

  private BufferAllocator allocator;
  private ChunkBuffer buffer;
  private Applier applier;
  private Window window;
  private Releaser releaser;

  /** Position of the record that is being applied; 0: none. */
  private long adding;

  Restarting(long windowMicros, int room) {
    this.windowMicros = windowMicros;
    this.room = room;
  }

  /** Opens what is there, and replays so many records of those that are to be, at most. */
  void start(int most) throws IOException {
    allocator = new RootAllocator();
    BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
    LogRows rows = new LogRows(log, new RowsByChunk(2), loader, allocator);
    buffer =
        new ChunkBuffer(key -> marks.getOrDefault(key, 0L), SealPolicy.DEFAULT, rows, this::nanos);
    window = new Window(windowMicros, room);
    applier =
        new Applier(
            window,
            buffer,
            new RowsByChunk(2),
            loader,
            new Ledger(new Telemetry("test")),
            log.recovered);
    releaser =
        new Releaser(
            log,
            window,
            buffer,
            applier,
            directory,
            new ReleasedTables(directory, log.id()),
            this::entries,
            Duration.ZERO,
            System::nanoTime);
    long from = releaser.restore();
    assertThat(from).as("the log has what is replayed").isGreaterThan(log.released);
    buffer.applied(from - 1);
    replay(most);
  }

  /** Applies so many more records that are in the log, at most. */
  void replay(int most) {
    long last = Math.min(records.size(), buffer.applied() + most);
    while (buffer.applied() < last) {
      decide(records.get((int) buffer.applied()));
    }
  }

  private void decide(LogRecord record) {
    adding = record.position();
    applier.apply(record);
    adding = 0;
  }

  /** Asked when rows are about to be added: whoever seals now must not take them for sealed. */
  private long nanos() {
    if (adding > 0) {
      assertThat(buffer.applied()).as("rows of %d are not there yet", adding).isLessThan(adding);
    }
    return System.nanoTime();
  }

  long applied() {
    return buffer.applied();
  }

  /** The process is gone. */
  void stop() {
    evictedEarly += window.evictedEarly();
    buffer.close();
    allocator.close();
  }

  private List<ReleasedTables.Entry> entries() {
    List<ReleasedTables.Entry> entries = new ArrayList<>();
    marks.forEach((key, mark) -> entries.add(new ReleasedTables.Entry(key, new UUID(1, 1), mark)));
    return entries;
  }

  /**
   * Puts a record into the log.
   *
   * @param received what the senders' clocks say
   */
  LogRecord append(int table, List<BatchId> ids, long logTime, long received) {
    byte[] message = WireMessages.spans(allocator, ids, 1, 0, received);
    byte[] head = WireMessages.head(KEYS[table].tenant(), Table.TRACES);
    LogRecord record = new LogRecord(head, ByteBuffer.wrap(message), 0, false, null);
    long position = records.size() + 1L;
    record.place(position, logTime);
    records.add(record);
    log.recovered = position;
    for (int i = 0; i < ids.size(); i++) {
      sent.add(new Sent(ids.get(i), position, i, logTime));
    }
    return record;
  }

  /** Decides the newest record and answers it. */
  List<Boolean> apply(LogRecord record) {
    byte[] message = new byte[record.payload().remaining()];
    record.payload().get(message);
    Answer answer = new Answer(HotSpans.load(allocator, message));
    LogRecord live = new LogRecord(record.stream(), record.payload(), 0, false, answer);
    live.place(record.position(), record.logTimeMicros());
    decide(live);
    for (Sent batch : sent) {
      if (batch.position == record.position()) {
        batch.answeredAsRepeat = answer.repeats.get(batch.ordinal);
      }
    }
    return answer.repeats;
  }

  void release() throws IOException {
    releaser.release();
  }

  /** All rows of the table that were applied, by one commit. */
  void persist(TableKey key) throws IOException {
    TableBuffer table = buffer.table(key);
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElse(null);
    if (set == null) {
      return;
    }
    assertThat(set.from()).isEqualTo(marks.getOrDefault(key, 0L));
    try (SetRows all = buffer.load(set)) {
      for (Chunk chunk : all.chunks()) {
        for (HotRows part : chunk.rows()) {
          for (int row : part.rows()) {
            sent(part.batch().position(), row).inTable++;
          }
        }
      }
    }
    marks.put(key, set.to());
    table.persisted(set, System.nanoTime());
  }

  private Sent sent(long position, int ordinal) {
    return sent.stream()
        .filter(batch -> batch.position == position && batch.ordinal == ordinal)
        .findFirst()
        .orElseThrow();
  }

  private static final class Answer implements LogRecord.Attachment, Applied {
    private final LoadedBatch batch;
    private List<Boolean> repeats = List.of();

    Answer(LoadedBatch batch) {
      this.batch = batch;
    }

    @Override
    public LoadedBatch batch() {
      return batch;
    }

    @Override
    public void applied(List<Boolean> answers) {
      repeats = List.copyOf(answers);
    }

    @Override
    public void durable() {
      throw new AssertionError("the test's own apply is never behind");
    }

    @Override
    public void failed(LogFailedException cause) {
      throw new AssertionError(cause);
    }
  }
}
