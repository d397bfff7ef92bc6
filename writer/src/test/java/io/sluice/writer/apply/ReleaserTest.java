package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.LogRecord;
import io.sluice.writer.ManualClock;
import io.sluice.writer.WireMessages;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a start refuses, and that the log is let go only after the checkpoint is down. */
class ReleaserTest {

  private static final TableKey KEY = new TableKey("default", Table.TRACES);

  @TempDir private Path directory;
  private final MemoryLog log = new MemoryLog();
  private final BufferAllocator allocator = new RootAllocator();
  private final ChunkBuffer buffer = chunkBuffer(key -> 0L);
  private final Window window = new Window(1_000_000, 1_000);
  private final Applier applier = applier(window, buffer);

  private final List<ReleasedTables.Entry> entries =
      List.of(
          new ReleasedTables.Entry(KEY, new UUID(5, 6), 7),
          new ReleasedTables.Entry(new TableKey("acme", Table.METRICS_SUM), new UUID(7, 8), 9));

  @AfterEach
  void free() {
    buffer.close();
    allocator.close();
  }

  @Test
  void logThatEndsBelowWhatTheCheckpointKnowsIsRefused() throws Exception {
    persisted(1);
    append(2);
    releaser(directory).release();
    log.recovered = 1;
    assertThatThrownBy(() -> restarted(directory))
        .hasMessageContaining("the log ends at position 1")
        .hasMessageContaining("put the log's newest segments back");
    log.recovered = 2;
    assertThat(restarted(directory)).isEqualTo(2);
  }

  @Test
  void logThatBeginsAboveWhatTheCheckpointReleasedIsRefused() throws Exception {
    persisted(1);
    releaser(directory).release();
    log.released = 2;
    assertThatThrownBy(() -> restarted(directory)).hasMessageContaining("begins at position 3");
  }

  /** It would let ids age whose repeats, forced already, the next replay meets again. */
  @Test
  void checkpointOfAnUnfinishedReplayStandsForNoLessThanTheOneItBeganFrom() throws Exception {
    persisted(1);
    append(2);
    append(3);
    releaser(directory).release();
    try (ChunkBuffer replayed = chunkBuffer(key -> 1L)) {
      Window again = new Window(1_000_000, 1_000);
      Applier replay = applier(again, replayed);
      Releaser releaser =
          releaser(directory, again, replayed, replay, Duration.ZERO, System::nanoTime);
      assertThat(releaser.restore()).isEqualTo(2);
      replayed.applied(1);
      replay.apply(record(2));
      TableBuffer table = replayed.table(KEY);
      replayed.seal(table);
      table.persisted(table.beginPersist().orElseThrow(), System.nanoTime());
      releaser.release();
    }
    assertThat(log.released).isEqualTo(2);
    log.recovered = 2;
    assertThatThrownBy(() -> restarted(directory))
        .hasMessageContaining("the log ends at position 2")
        .hasMessageContaining("knows that 3 was forced");
  }

  @Test
  void logIsNotReleasedWhenTheCheckpointCannotBeWritten() throws Exception {
    persisted(1);
    Path file = Files.createFile(directory.resolve("not-a-directory"));
    assertThatThrownBy(() -> releaser(file).release()).isInstanceOf(java.io.IOException.class);
    assertThat(log.released).isZero();
    releaser(directory).release();
    assertThat(log.released).isEqualTo(1);
  }

  @Test
  void releaseNamesTheTablesThatHoldWhatIsReleased() throws Exception {
    ReleasedTables tables = new ReleasedTables(directory, log.id());
    assertThat(tables.read()).isEmpty();
    persisted(1);
    releaser(directory).release();
    assertThat(tables.read()).isEqualTo(entries);
    assertThatThrownBy(() -> new ReleasedTables(directory, new UUID(0, 1)).read())
        .hasMessageContaining("belong together");
    Path file = directory.resolve("tables");
    Files.writeString(file, Files.readString(file).replace(" 7", " 8"));
    assertThatThrownBy(tables::read).hasMessageContaining("checksum");
  }

  @Test
  void readThatAloneKeepsTheLogIsCutWhenItRunsFullTheOldestFirst() throws Exception {
    append(1);
    append(2);
    try (HotRead oldest = buffer.read(KEY, 0);
        HotRead second = buffer.read(KEY, 1)) {
      Releaser releaser = releaser(directory);
      releaser.release();
      assertThat(oldest.isCut()).as("its rows are owed to the table, too").isFalse();
      persist();
      releaser.release();
      assertThat(log.released).isEqualTo(2);
      assertThat(log.kept()).isEqualTo(1);
      releaser.release();
      assertThat(oldest.cutReason()).contains("the log runs full");
      releaser.release();
      assertThat(second.isCut()).as("one at a time").isFalse();
      assertThat(second.next().batch().position()).isEqualTo(2);
      assertThat(second.next()).isNull();
      oldest.close();
      assertThat(log.kept()).as("nobody stands in it").isEqualTo(3);
      releaser.release();
      assertThat(second.isCut()).as("it has passed its rows").isFalse();
    }
  }

  @Test
  void whatHoldsAFullWindowBackIsSealed() throws Exception {
    log.used = 0;
    append(1);
    TableBuffer table = buffer.table(KEY);
    releaser(directory).release();
    assertThat(table.isOwed()).as("there is time").isFalse();
    for (int i = 2; i <= 1_001; i++) {
      window.decide(new BatchId(1, i), 1, i, 1);
    }
    window.age(1);
    assertThat(window.isFull()).isTrue();
    releaser(directory).release();
    assertThat(table.isOwed()).isTrue();
    persist();
    releaser(directory).release();
    assertThat(window.isFull()).isFalse();
  }

  /** Else nobody could put anything until a quiet table's few rows are old enough. */
  @Test
  void openSetThatALogIsKeptForIsSealedWhenItFillsUp() throws Exception {
    TableKey busy = new TableKey("busy", Table.TRACES);
    log.used = log.budget / 2;
    append(1);
    append(busy, 2);
    releaser(directory).release();
    assertThat(buffer.table(KEY).isOwed()).as("there is room").isFalse();

    log.used++;
    releaser(directory).release();
    assertThat(buffer.table(KEY).isOwed()).isTrue();
    releaser(directory).release();
    assertThat(buffer.table(busy).isOwed()).as("the log is not kept for it yet").isFalse();

    persist();
    releaser(directory).release();
    assertThat(buffer.table(busy).isOwed()).isTrue();
  }

  @Test
  void noMoreIsSealedWhileALogIsKeptForWhatWaits() throws Exception {
    append(1);
    buffer.seal(buffer.table(KEY));
    append(2);
    releaser(directory).release();
    TableBuffer table = buffer.table(KEY);
    table.persisted(table.beginPersist().orElseThrow(), System.nanoTime());
    assertThat(table.isOwed()).as("2 is in an open set").isFalse();
    assertThat(table.hotRows()).isEqualTo(1);
  }

  /** While some table always owes, there may be no moment that is both due and free. */
  @Test
  void whatWasFreeBeforeItWasDueIsReleasedThoughItsTableOwesAgain() throws Exception {
    log.used = 0;
    ManualClock clock = new ManualClock();
    Releaser releaser = releaser(directory, window, Duration.ofMinutes(1), clock);
    persisted(1);
    buffer.release(0); // no reader needs it any more
    buffer.applied(5); // 2 to 5 are of other tables, and persisted
    releaser.release();
    assertThat(log.released).as("not due yet").isZero();
    append(6);
    clock.advance(Duration.ofSeconds(61));
    assertThat(buffer.releasePoint()).as("its mark").isEqualTo(1);
    releaser.release();
    assertThat(log.released).isEqualTo(5);
    assertThat(restarted(directory)).isEqualTo(6);
  }

  @Test
  void logThatGrewMuchIsReleasedBeforeItIsTime() throws Exception {
    log.budget = 10L << 30;
    log.used = 500L << 20;
    ManualClock clock = new ManualClock();
    Releaser releaser = releaser(directory, window, Duration.ofMinutes(1), clock);
    persisted(1);
    buffer.release(0);
    releaser.release();
    assertThat(log.released).isZero();
    log.used = 512L << 20;
    releaser.release();
    assertThat(log.released).isEqualTo(1);
    persisted(2);
    buffer.release(0);
    log.used = 1_023L << 20;
    releaser.release();
    assertThat(log.released).as("it grew since by less").isEqualTo(1);
    log.used = 1_024L << 20;
    releaser.release();
    assertThat(log.released).isEqualTo(2);
  }

  private Releaser releaser(Path where) {
    return releaser(where, window);
  }

  private Releaser releaser(Path where, Window of) {
    return releaser(where, of, Duration.ZERO, System::nanoTime);
  }

  private Releaser releaser(Path where, Window of, Duration every, LongSupplier nanos) {
    return releaser(where, of, buffer, applier, every, nanos);
  }

  private Releaser releaser(
      Path where, Window of, ChunkBuffer rows, Applier by, Duration every, LongSupplier nanos) {
    return new Releaser(
        log, of, rows, by, where, new ReleasedTables(where, log.id()), () -> entries, every, nanos);
  }

  private long restarted(Path where) throws Exception {
    return releaser(where, new Window(1_000_000, 1_000)).restore();
  }

  private ChunkBuffer chunkBuffer(ToLongFunction<TableKey> marks) {
    return new ChunkBuffer(
        marks,
        SealPolicy.DEFAULT,
        new LogRows(
            log, new RowsByChunk(1), new BatchLoader(allocator, EventTime.DEFAULT), allocator),
        System::nanoTime);
  }

  private Applier applier(Window of, ChunkBuffer rows) {
    return new Applier(
        of,
        rows,
        new RowsByChunk(1),
        new BatchLoader(allocator, EventTime.DEFAULT),
        new Ledger(new Telemetry("test")),
        0);
  }

  private void append(long position) {
    append(KEY, position);
  }

  private void append(TableKey key, long position) {
    LogRecord record = record(key, position);
    log.add(record);
    applier.apply(record);
  }

  private LogRecord record(long position) {
    return record(KEY, position);
  }

  private LogRecord record(TableKey key, long position) {
    byte[] payload =
        WireMessages.spans(
            allocator, List.of(new BatchId(1, position)), 1, 0, 1_790_000_000_000_000L);
    LogRecord record =
        new LogRecord(
            WireMessages.head(key.tenant(), key.table()), ByteBuffer.wrap(payload), 0, false, null);
    record.place(position, position);
    return record;
  }

  private void persisted(long position) {
    append(position);
    persist();
  }

  private void persist() {
    TableBuffer table = buffer.table(KEY);
    buffer.seal(table);
    table.persisted(table.beginPersist().orElseThrow(), System.nanoTime());
  }
}
