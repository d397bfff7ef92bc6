package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogRecord;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.apply.SimulatedDirectory.Fault;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.ParkedRange;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Sets of a stuck table leave the log for files, on a disk that breaks at every step. */
class ParkedSetsTest {

  private static final TableKey KEY = new TableKey("default", Table.TRACES);
  private static final TableKey OTHER = new TableKey("other", Table.TRACES);

  private final BufferAllocator allocator = new RootAllocator();
  private final AtomicLong mark = new AtomicLong();
  private MemoryLog log;
  private SimulatedDirectory directory;
  private ParkedSets parked;
  private ChunkBuffer buffer;
  private List<ParkedSets.Found> found = List.of();

  @BeforeEach
  void begin() throws Exception {
    log = new MemoryLog();
    directory = new SimulatedDirectory();
    append(KEY, 1, 2);
    append(OTHER, 3);
    append(KEY, 2); // a repeat as a whole
    append(KEY, 4, 1, 5); // one of them is
    start();
  }

  @AfterEach
  void end() {
    buffer.close();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void parkedRowsAreThoseThatTheLogHadAndItNeedNotKeepThem() throws Exception {
    List<String> before = rows(KEY);
    assertThat(before).hasSize(4 * 3);
    HotRead opened = buffer.read(KEY, 0);
    park();
    assertThat(buffer.releasePoint()).isEqualTo(0); // the other table's
    buffer.table(OTHER).persisted(buffer.table(OTHER).beginPersist().orElseThrow(), 1);
    buffer.releaseLogged(); // no reader needs it any more
    assertThat(buffer.releasePoint()).isEqualTo(log.records.size());
    assertThat(names(opened)).isEqualTo(before);
    log.release(buffer.releasePoint());
    assertThat(rows(KEY)).isEqualTo(before);
    restart();
    assertThat(rows(KEY)).isEqualTo(before);
    assertThat(buffer.parkedRows()).isEqualTo(12);
  }

  @Test
  void readThatIsOpenHasParkedRowsThoughTheirFileIsGone() throws Exception {
    List<String> before = rows(KEY);
    park();
    HotRead opened = buffer.read(KEY, 0);
    ChunkSet set = buffer.table(KEY).beginPersist().orElseThrow();
    buffer.table(KEY).persisted(set, 1);
    parked.committed(KEY, set.from(), set.to());
    assertThat(directory.list()).isEmpty();
    assertThat(names(opened)).isEqualTo(before);
  }

  @Test
  void whateverStepOfAParkingBreaksTheRowsAreThereOnce() throws Exception {
    List<String> before = rows(KEY);
    Random random = new Random(7);
    for (Fault fault : Fault.values()) {
      int step = 0;
      boolean reached = true;
      while (reached) {
        directory = new SimulatedDirectory();
        restart();
        directory.arm(++step, fault);
        try {
          park();
        } catch (IOException e) {
          assertThat(e).hasMessageContaining("injected");
        }
        reached = directory.steps() >= step;
        assertThat(rows(KEY)).as("%s at %d", fault, step).isEqualTo(before);
        long released = directory.isOff() ? 0 : buffer.table(KEY).parkedRows();
        directory = directory.afterPowerCut(random);
        restart();
        assertThat(rows(KEY)).as("%s at %d, started again", fault, step).isEqualTo(before);
        assertThat(buffer.parkedRows())
            .as("%s at %d: parked means durably", fault, step)
            .isGreaterThanOrEqualTo(released);
      }
      assertThat(step).as("steps of a parking").isGreaterThan(10);
    }
  }

  @Test
  void setIsParkedThoughTheLogHasLetGoOfAllBetweenItsMarkAndItsFirstRow() throws Exception {
    for (TableKey key : List.of(KEY, OTHER)) {
      buffer.table(key).persisted(buffer.table(key).beginPersist().orElseThrow(), 1);
    }
    append(OTHER, 6);
    replay();
    buffer.seal(buffer.table(OTHER));
    buffer.table(OTHER).persisted(buffer.table(OTHER).beginPersist().orElseThrow(), 1);
    buffer.releaseLogged();
    log.release(buffer.releasePoint());
    assertThat(log.firstPosition()).isEqualTo(6);
    append(KEY, 7);
    replay();
    buffer.seal(buffer.table(KEY));
    long mark = buffer.table(KEY).mark();
    assertThat(mark).isEqualTo(4);
    List<String> before = names(buffer.read(KEY, mark));
    assertThat(before).hasSize(3);
    park();
    log.release(buffer.releasePoint());
    assertThat(log.firstPosition()).isEqualTo(7);
    assertThat(names(buffer.read(KEY, mark))).isEqualTo(before);
  }

  @Test
  void whateverStepOfARebaseBreaksItIsDoneWhenItIsAskedForAgain() throws Exception {
    for (Fault fault : List.of(Fault.FAILS, Fault.FAILS_AFTER)) {
      for (int step = 1; step <= 2; step++) {
        directory = new SimulatedDirectory();
        mark.set(0);
        restart();
        park();
        ParkedRange range = parked.find().get(0).range();
        directory.arm(step, fault);
        assertThatThrownBy(() -> parked.rebase(KEY, range.from(), range.to(), range.from() + 1))
            .as("%s at %d", fault, step)
            .hasMessageContaining("injected");
        parked.rebase(KEY, range.from(), range.to(), range.from() + 1);
        assertThat(directory.list())
            .as("%s at %d", fault, step)
            .containsExactly("default.traces.1-" + range.to());
      }
    }
  }

  @Test
  void flippedBitAnywhereIsFoundAndNamed() throws Exception {
    park();
    String name = directory.list().get(0);
    int length = directory.bytes(name).length;
    for (int at = 0; at < length; at++) {
      byte[] bytes = directory.bytes(name);
      bytes[at] ^= 4;
      try {
        assertThatThrownBy(() -> rows(KEY))
            .as("byte %d", at)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("simulated/" + name)
            .hasMessageContaining("offset");
      } finally {
        bytes[at] ^= 4;
      }
    }
    assertThat(rows(KEY)).hasSize(12);
  }

  @Test
  void fileOfAnotherLogIsRefused() throws Exception {
    park();
    ParkedSets other = new ParkedSets(directory, new MemoryLog(new java.util.UUID(5, 6)));
    assertThatThrownBy(other::find).hasMessageContaining("belong together");
  }

  @Test
  void fileThatIsMissingBetweenTwoHoldsUpWhatIsBehindIt() throws Exception {
    park();
    append(KEY, 7);
    replay();
    buffer.seal(buffer.table(KEY));
    park();
    append(KEY, 8);
    replay();
    buffer.seal(buffer.table(KEY));
    park();
    assertThat(directory.list()).hasSize(3);
    directory.delete(directory.list().get(1));
    restart();
    assertThat(found.stream().map(f -> f.range().from()).toList()).containsExactly(0L, 4L, 5L);
    assertThatThrownBy(() -> rows(KEY)).hasMessageContaining("default.traces.4-5 is not there");
  }

  private void start() throws Exception {
    parked = new ParkedSets(directory, log);
    BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
    RowsByChunk rowsByChunk = new RowsByChunk(1);
    LogRows logged = new LogRows(log, rowsByChunk, loader, allocator);
    buffer =
        new ChunkBuffer(
            key -> mark.get(), SealPolicy.DEFAULT, new OwedRows(logged, parked), () -> 0L);
    found = parked.find();
    List<ParkedRange> ranges = found.stream().map(ParkedSets.Found::range).toList();
    if (!ranges.isEmpty()) {
      buffer.restore(KEY, ranges);
    }
    applier =
        new Applier(
            new Window(1_000_000_000, 1_000),
            buffer,
            rowsByChunk,
            loader,
            new Ledger(new Telemetry("test")),
            log.recovered);
    buffer.applied(log.released);
    replay();
    buffer.tables().forEach(buffer::seal);
  }

  private Applier applier;

  private void replay() {
    while (buffer.applied() < log.records.size()) {
      applier.apply(log.records.get((int) buffer.applied()));
    }
  }

  private void restart() throws Exception {
    buffer.close();
    start();
  }

  private void park() throws IOException {
    ChunkSet set = buffer.table(KEY).beginPark().orElseThrow();
    try {
      parked.park(set);
    } catch (IOException e) {
      buffer.table(KEY).persistFailed(set);
      throw e;
    }
    buffer.table(KEY).parked(set);
  }

  /** Three rows a batch. */
  private void append(TableKey table, int... ids) {
    List<BatchId> batches = new ArrayList<>();
    for (int id : ids) {
      batches.add(new BatchId(9, id));
    }
    long position = log.records.size() + 1L;
    byte[] message = WireMessages.spans(allocator, batches, 3, (int) position * 100, HotSpans.NOW);
    byte[] head = WireMessages.head(table.tenant(), Table.TRACES);
    LogRecord record = new LogRecord(head, ByteBuffer.wrap(message), 0, false, null);
    record.place(position, position);
    log.add(record);
  }

  private List<String> rows(TableKey table) throws Exception {
    try (HotRead read = buffer.read(table, 0)) {
      return names(read);
    }
  }

  private static List<String> names(HotRead read) throws IOException {
    List<String> names = new ArrayList<>();
    for (HotRows rows = read.next(); rows != null; rows = read.next()) {
      for (int row : rows.rows()) {
        names.add(rows.batch().position() + ": " + row + " " + rows.batch().wire().timeMicros(row));
      }
    }
    read.close();
    return names;
  }
}
