package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.WireBatch;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogRecord;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.SetRows;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * State is a function of the log: whatever is appended, repeated, persisted and released, and
 * wherever the process is cut and started again, each batch is in the table exactly once.
 */
class ReplayTest {

  private static final long NOW = 1_790_000_000_000_000L;
  private static final long WINDOW_MICROS = 1_000_000;
  private static final TableKey[] KEYS = {
    new TableKey("default", Table.TRACES), new TableKey("other", Table.TRACES)
  };

  /** What outlives the process: the log's records and the tables. */
  private final MemoryLog log = new MemoryLog();

  private final List<LogRecord> records = log.records;
  private final Map<TableKey, Long> marks = new HashMap<>();
  private final Map<String, Integer> rows = new HashMap<>();

  private BufferAllocator allocator;
  private ChunkBuffer buffer;
  private Applier applier;
  private Releaser releaser;
  private SimulatedDirectory directory;

  @Property(tries = 200)
  void everyBatchIsInTheTableOnce(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    log.released = 0; // one instance serves all tries
    log.recovered = 0;
    records.clear();
    marks.clear();
    rows.clear();
    directory = new SimulatedDirectory();
    start();
    Map<BatchId, Long> known = new LinkedHashMap<>();
    long logTime = 0;
    for (int step = 0; step < 120; step++) {
      logTime += random.nextInt(60_000);
      switch (random.nextInt(8)) {
        case 0 -> persist(KEYS[random.nextInt(2)]);
        case 1 -> releaser.release();
        case 2 -> restart();
        default -> append(random, known, logTime);
      }
    }
    restart();
    persist(KEYS[0]);
    persist(KEYS[1]);
    stop();
    assertThat(rows).hasSize(known.size());
    assertThat(rows.values()).allMatch(count -> count == 1, "in the table once");
  }

  /** A new batch, or the repeat of one within the window, in the same table as its first. */
  private void append(Random random, Map<BatchId, Long> known, long logTime) {
    List<BatchId> ids = new ArrayList<>();
    int table = random.nextInt(2);
    for (int i = 0; i <= random.nextInt(3); i++) {
      List<BatchId> recent = recent(known, table, logTime);
      if (!recent.isEmpty() && random.nextInt(3) == 0) {
        ids.add(recent.get(random.nextInt(recent.size())));
      } else {
        BatchId id = new BatchId(table, known.size() + 1);
        known.put(id, logTime);
        ids.add(id);
      }
    }
    byte[] payload = WireMessages.spans(allocator, ids, 1, 0, NOW);
    LogRecord record =
        new LogRecord(
            WireMessages.head(KEYS[table].tenant(), Table.TRACES),
            ByteBuffer.wrap(payload),
            0,
            false,
            null);
    record.place(records.size() + 1L, logTime);
    records.add(record);
    log.recovered = record.position();
    applier.apply(random.nextBoolean() ? record : live(record, payload));
    if (random.nextInt(4) == 0) {
      TableBuffer rows = buffer.table(KEYS[table]);
      buffer.seal(rows);
      buffer.spill(random.nextInt(500_000));
    }
  }

  /** The same, as the one who appended it gets it back. */
  private LogRecord live(LogRecord record, byte[] payload) {
    LogRecord live =
        new LogRecord(
            record.stream(),
            record.payload(),
            0,
            false,
            new Waiting(HotSpans.load(allocator, payload)));
    live.place(record.position(), record.logTimeMicros());
    return live;
  }

  /** First met within the window, to its last microsecond. */
  private static List<BatchId> recent(Map<BatchId, Long> known, int table, long logTime) {
    return known.entrySet().stream()
        .filter(first -> logTime - first.getValue() <= WINDOW_MICROS)
        .map(Map.Entry::getKey)
        .filter(id -> id.high() == table)
        .toList();
  }

  private void start() throws Exception {
    allocator = new RootAllocator();
    Ledger ledger = new Ledger(new Telemetry("test"));
    BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
    buffer =
        new ChunkBuffer(
            key -> marks.getOrDefault(key, 0L),
            SealPolicy.DEFAULT,
            new LogRows(log, new RowsByChunk(2), loader, allocator),
            System::nanoTime);
    Window window = new Window(WINDOW_MICROS, 1_000_000);
    applier = new Applier(window, buffer, new RowsByChunk(2), loader, ledger, 0);
    releaser =
        new Releaser(
            log,
            window,
            buffer,
            applier,
            directory,
            new ReleasedTables(directory, log.id()),
            List::of,
            Duration.ZERO,
            System::nanoTime);
    long from = releaser.restore();
    buffer.applied(from - 1);
    for (LogRecord record : records) {
      if (record.position() >= from) {
        applier.apply(record);
      }
    }
    assertThat(buffer.bytes()).as("rows that are replayed stay in the log").isZero();
    assertThat(allocator.getAllocatedMemory()).isZero();
  }

  private void restart() throws Exception {
    stop();
    start();
  }

  private void stop() {
    buffer.close();
    allocator.close();
  }

  private void persist(TableKey key) throws Exception {
    TableBuffer table = buffer.table(key);
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElse(null);
    if (set == null) {
      return;
    }
    assertThat(set.from()).isEqualTo(marks.getOrDefault(key, 0L));
    try (SetRows loaded = buffer.load(set)) {
      for (Chunk chunk : loaded.chunks()) {
        for (HotRows part : chunk.rows()) {
          for (int row : part.rows()) {
            rows.merge(name(part, row), 1, Integer::sum);
          }
        }
      }
    }
    marks.put(key, set.to());
    table.persisted(set, System.nanoTime());
  }

  /** The batch that a row came with: its record's position and its place in it. */
  private String name(HotRows part, int row) {
    LogRecord record = records.get((int) part.batch().position() - 1);
    WireBatch wire = part.batch().wire();
    assertThat(wire.rows()).isGreaterThan(row);
    return Batches.of(record).get(row).toString();
  }
}
