package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogRecord;
import io.sluice.writer.apply.Applier;
import io.sluice.writer.apply.RowsByChunk;
import io.sluice.writer.apply.Waiting;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.Holds;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.persist.Parking;
import io.sluice.writer.persist.PersistThreads;
import io.sluice.writer.persist.Persister;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Whatever happens, each record is somewhere: for each table, at any moment since the process
 * started, taken + replayed = hot + persisted + parked + deduplicated. Parked is 0, and what is
 * rejected or empty never comes here.
 */
class LedgerTest {

  private static final TableKey[] KEYS = {
    new TableKey("default", Table.TRACES), new TableKey("other", Table.TRACES)
  };

  /** What outlives the process. */
  private final List<LogRecord> records = new ArrayList<>();

  private final Map<TableKey, Long> marks = new ConcurrentHashMap<>();

  private int appliedRecords;
  private final Map<TableKey, Long> ownRows = new HashMap<>();
  private boolean behind;
  private BufferAllocator allocator;
  private Ledger ledger;
  private ChunkBuffer buffer;
  private Applier applier;
  private Persister persister;
  private volatile boolean storeAway;
  private final AtomicReference<Throwable> died = new AtomicReference<>();

  private static final Parking.Lot NO_LOT =
      new Parking.Lot() {
        @Override
        public void park(ChunkSet set) throws IOException {
          throw new IOException("there is none");
        }

        @Override
        public void committed(TableKey table, long from, long to) {}
      };

  @Property(tries = 25)
  void everyRecordIsAccountedFor(@ForAll long seed) throws Exception {
    Random random = new Random(seed);
    records.clear();
    marks.clear();
    start();
    for (int step = 0; step < 60; step++) {
      switch (random.nextInt(9)) {
        case 0 -> flush(KEYS[random.nextInt(2)]);
        case 1 -> {
          buffer.release(0);
          buffer.spill(random.nextInt(300_000));
        }
        case 2 -> {
          stop();
          Map<TableKey, Long> hot = new HashMap<>();
          for (TableKey key : KEYS) {
            hot.put(key, records(key).hot());
          }
          boolean all = appliedRecords == records.size();
          start();
          for (TableKey key : KEYS) {
            assertThat(records(key).replayed())
                .as("what the process before left of %s", key)
                .satisfies(rows -> assertThat(rows >= hot.get(key)).isTrue())
                .satisfies(rows -> assertThat(!all || rows.equals(hot.get(key))).isTrue());
          }
        }
        case 3 -> storeAway = random.nextBoolean();
        case 4 -> {
          behind = !behind && random.nextBoolean();
          if (!behind) {
            catchUp();
          }
        }
        default -> append(random);
      }
      assertBalanced();
    }
    storeAway = false;
    behind = false;
    catchUp();
    for (TableKey key : KEYS) {
      assertThat(records(key).taken())
          .as("all of its own, live or from the log")
          .isEqualTo(ownRows.getOrDefault(key, 0L));
    }
    flush(KEYS[0]);
    flush(KEYS[1]);
    assertBalanced();
    assertThat(buffer.records().hot()).isZero();
    buffer.close();
    assertBalanced();
    stop();
  }

  /** Also in the middle of a persist, which may be under way on its thread. */
  private void assertBalanced() {
    for (TableKey key : KEYS) {
      RecordCounts records = records(key);
      assertThat(records.missing()).as("%s: %s", key, records).isZero();
    }
    assertThat(died.get()).isNull();
  }

  private RecordCounts records(TableKey key) {
    return buffer.table(key).records();
  }

  /** Some batches, of which about every second is a repeat of one before, in its own table. */
  private void append(Random random) {
    int table = random.nextInt(2);
    List<BatchId> ids = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      ids.add(new BatchId(table, random.nextInt(40)));
    }
    int rowsEach = 1 + random.nextInt(3);
    byte[] message = WireMessages.spans(allocator, ids, rowsEach, 0, HotSpans.NOW);
    byte[] head = WireMessages.head(KEYS[table].tenant(), Table.TRACES);
    long position = records.size() + 1L;
    LogRecord logged = new LogRecord(head, ByteBuffer.wrap(message), 0, false, null);
    logged.place(position, position);
    records.add(logged);
    ownRows.merge(KEYS[table], (long) ids.size() * rowsEach, Long::sum);
    if (behind) {
      return; // told that it is durable; the log has it
    }
    appliedRecords++;
    Waiting waiting = new Waiting(HotSpans.load(allocator, message));
    LogRecord live = new LogRecord(head, ByteBuffer.wrap(message), 0, false, waiting);
    live.place(position, position);
    applier.apply(live);
  }

  /** The apply reads from the log what it was behind. */
  private void catchUp() {
    while (appliedRecords < records.size()) {
      applier.apply(records.get(appliedRecords++));
    }
  }

  private void flush(TableKey key) throws Exception {
    if (storeAway) {
      buffer.seal(buffer.table(key));
      persister.signal();
    } else {
      persister.flush(buffer.table(key), Duration.ofSeconds(30));
    }
  }

  private void persist(ChunkSet set) throws IOException {
    if (storeAway) {
      throw new IOException("away");
    }
    marks.put(set.table(), set.to());
  }

  private void start() {
    allocator = new RootAllocator();
    ledger = new Ledger(new Telemetry("test"));
    buffer =
        new ChunkBuffer(
            key -> marks.getOrDefault(key, 0L),
            SealPolicy.DEFAULT,
            HotSpans.NO_LOG,
            System::nanoTime);
    applier =
        new Applier(
            new Window(1_000_000, 1_000_000),
            buffer,
            new RowsByChunk(2),
            new BatchLoader(allocator, EventTime.DEFAULT),
            ledger,
            records.size());
    persister =
        new Persister(
            buffer,
            this::persist,
            () -> {},
            new Parking(NO_LOT, ledger, Duration.ofDays(1), Long.MAX_VALUE, () -> false),
            ledger,
            (part, e) -> died.set(e),
            Duration.ZERO,
            new HotMemory(Long.MAX_VALUE, ledger),
            new PersistThreads(
                2, System::nanoTime, new Holds(System::nanoTime, new Telemetry("test"))),
            System::nanoTime);
    ownRows.clear();
    appliedRecords = 0;
    catchUp();
    persister.start();
  }

  private void stop() {
    persister.close();
    buffer.close();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }
}
