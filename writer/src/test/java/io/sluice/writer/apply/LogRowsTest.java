package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.rows.RowExpander;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogRecord;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.WireSpans;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkKey;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.SetRows;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.junit.jupiter.api.Test;

/** Rows are the same in memory, left to the log, replayed, and in any mix. */
class LogRowsTest {

  private static final long DAY_MICROS = 86_400_000_000L;
  private static final long MIDNIGHT = HotSpans.NOW - HotSpans.NOW % DAY_MICROS;
  private static final TableKey[] KEYS = {
    new TableKey("default", Table.TRACES), new TableKey("other", Table.TRACES)
  };

  private BufferAllocator allocator = new RootAllocator();
  private MemoryLog log = new MemoryLog();
  private ChunkBuffer buffer;

  @Property(tries = 30)
  void rowsReadBackAreTheRowsThatWereApplied(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    log = new MemoryLog();
    for (int message = 0; message < 25; message++) {
      append(random);
    }
    long after = random.nextInt(20);

    apply(SealPolicy.DEFAULT, record -> true);
    List<List<String>> loaded = rows(after);
    List<Map<ChunkKey, List<String>>> chunks = chunks();
    assertThat(chunks.get(0).size() + chunks.get(1).size()).as("days and shards").isGreaterThan(4);
    buffer.spill(0);
    assertThat(buffer.bytes()).isZero();
    assertThat(rows(after)).isEqualTo(loaded);
    assertThat(chunks()).isEqualTo(chunks);
    buffer.close();

    apply(SealPolicy.DEFAULT, record -> false);
    assertThat(buffer.bytes()).isZero();
    assertThat(rows(after)).isEqualTo(loaded);
    assertThat(chunks()).isEqualTo(chunks);
    buffer.close();

    apply(SealPolicy.DEFAULT, record -> random.nextBoolean());
    assertThat(rows(after)).isEqualTo(loaded);
    assertThat(chunks()).isEqualTo(chunks);
    buffer.spill(0);
    assertThat(rows(after)).isEqualTo(loaded);
    buffer.close();
    assertThat(allocator.getAllocatedMemory()).isZero();
  }

  @Test
  void logThatIsLargerThanMemoryIsReplayedReadAndPersistedWithin() throws Exception {
    Random random = new Random(1);
    while (log.records.stream().mapToLong(record -> record.payload().remaining()).sum() < 8 << 20) {
      append(random);
    }
    apply(SealPolicy.DEFAULT, record -> true);
    List<List<String>> loaded = rows(0);
    buffer.close();
    allocator.close();

    long most = 2 << 20;
    allocator = new RootAllocator(most);
    Duration never = Duration.ofDays(1);
    apply(new SealPolicy(most / 4, most / 4, never, never), record -> false);
    assertThat(allocator.getPeakMemoryAllocation()).as("no vector was loaded").isZero();
    assertThat(rows(0)).isEqualTo(loaded);
    int rows = 0;
    for (TableKey key : KEYS) {
      TableBuffer table = buffer.table(key);
      buffer.seal(table);
      int sets = 0;
      for (ChunkSet set = table.beginPersist().orElse(null); set != null; sets++) {
        try (SetRows held = buffer.load(set)) {
          rows += held.chunks().stream().mapToLong(Chunk::rowCount).sum();
        }
        table.persisted(set, 0);
        set = table.beginPersist().orElse(null);
      }
      assertThat(sets).isGreaterThan(8);
    }
    assertThat(rows).isEqualTo(loaded.get(0).size() + loaded.get(1).size());
    buffer.close();
    assertThat(buffer.bytes()).isZero();
    allocator.close();
  }

  /** Some batches, many of them repeats, within the message too; around midnight. */
  private void append(Random random) {
    int table = random.nextInt(2);
    List<BatchId> ids = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      ids.add(new BatchId(table, random.nextInt(2 * log.records.size() + 2)));
    }
    long position = log.records.size() + 1L;
    long start = (MIDNIGHT + random.nextInt(40) - 20) * 1000;
    try (BufferAllocator own = new RootAllocator();
        VectorSchemaRoot rows =
            WireSpans.of(
                own,
                List.of("shop", "cart", "api"),
                (int) position * 1000,
                ids.size() * (1 + random.nextInt(20)),
                start)) {
      byte[] message = WireMessages.of(rows, ids, MIDNIGHT);
      LogRecord record =
          new LogRecord(
              WireMessages.head(KEYS[table].tenant(), Table.TRACES),
              ByteBuffer.wrap(message),
              0,
              false,
              null);
      record.place(position, position);
      log.add(record);
    }
  }

  /** Into a new buffer, which a test reads. */
  private void apply(SealPolicy policy, Predicate<LogRecord> inMemory) {
    RowsByChunk rowsByChunk = new RowsByChunk(4);
    BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
    buffer =
        new ChunkBuffer(
            key -> 0L, policy, new LogRows(log, rowsByChunk, loader, allocator), System::nanoTime);
    Applier applier =
        new Applier(
            new Window(1_000_000, 1_000_000),
            buffer,
            rowsByChunk,
            loader,
            new Ledger(new Telemetry("test")),
            0);
    for (LogRecord record : log.records) {
      if (inMemory.test(record)) {
        byte[] message = new byte[record.payload().remaining()];
        record.payload().get(message);
        Waiting waiting = new Waiting(HotSpans.load(allocator, message));
        LogRecord live = new LogRecord(record.stream(), record.payload(), 0, false, waiting);
        live.place(record.position(), record.logTimeMicros());
        applier.apply(live);
      } else {
        applier.apply(record);
      }
    }
  }

  private List<List<String>> rows(long after) throws Exception {
    List<List<String>> all = new ArrayList<>();
    for (TableKey key : KEYS) {
      List<String> values = new ArrayList<>();
      try (HotRead read = buffer.read(key, after)) {
        for (HotRows rows = read.next(); rows != null; rows = read.next()) {
          assertThat(rows.batch().position()).isGreaterThan(after);
          values.addAll(values(rows));
        }
      }
      all.add(values);
    }
    return all;
  }

  private List<Map<ChunkKey, List<String>>> chunks() throws Exception {
    List<Map<ChunkKey, List<String>>> all = new ArrayList<>();
    for (TableKey key : KEYS) {
      TableBuffer table = buffer.table(key);
      buffer.seal(table);
      Map<ChunkKey, List<String>> chunks = new LinkedHashMap<>();
      ChunkSet set = table.beginPersist().orElse(null);
      if (set != null) {
        try (SetRows rows = buffer.load(set)) {
          for (Chunk chunk : rows.chunks()) {
            List<String> values = chunks.computeIfAbsent(chunk.key(), k -> new ArrayList<>());
            for (HotRows part : chunk.rows()) {
              values.addAll(values(part));
            }
          }
        }
        assertThat(chunks.values().stream().mapToInt(List::size).sum()).isEqualTo(set.rows());
        table.persistFailed(set);
      }
      all.add(chunks);
    }
    return all;
  }

  /** All columns of each row. */
  private List<String> values(HotRows part) {
    List<String> values = new ArrayList<>();
    try (BufferAllocator own = new RootAllocator();
        RowExpander expander = new RowExpander(Table.TRACES, own)) {
      int n = expander.append(part.batch().wire(), part.rows(), 0, part.rows().length, 1 << 24);
      assertThat(n).isEqualTo(part.rows().length);
      VectorSchemaRoot root = expander.finish();
      for (int row = 0; row < n; row++) {
        StringBuilder text = new StringBuilder();
        for (FieldVector vector : root.getFieldVectors()) {
          Object value = vector.getObject(row);
          text.append(value instanceof byte[] b ? Arrays.toString(b) : value).append(' ');
        }
        values.add(text.toString());
      }
    }
    return values;
  }
}
