package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.wal.CorruptLogException;
import io.sluice.wal.LocalLog;
import io.sluice.wal.LogRecord;
import io.sluice.wal.WalConfig;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import io.sluice.writer.buffer.BatchLoader;
import io.sluice.writer.buffer.Chunk;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.ReloadException;
import io.sluice.writer.buffer.SealPolicy;
import io.sluice.writer.buffer.SetRows;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of rows that a log on a disk has alone: they find them, whatever becomes of the log. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpilledReadsTest {

  private static final TableKey KEY = new TableKey("default", Table.TRACES);
  private static final TableKey OTHER = new TableKey("other", Table.TRACES);
  private static final int SEGMENT_BYTES = 64 << 10;

  @TempDir private Path directory;
  private final BufferAllocator allocator = new RootAllocator();
  private final Ledger ledger = new Ledger(new Telemetry("test"));
  private LocalLog log;
  private ChunkBuffer buffer;

  @BeforeEach
  void open() throws Exception {
    log =
        LocalLog.open(
            new WalConfig(directory, SEGMENT_BYTES, 64L << 20, 1 << 20, 2),
            cause -> {
              throw new AssertionError(cause);
            });
    BatchLoader loader = new BatchLoader(allocator, EventTime.DEFAULT);
    RowsByChunk rowsByChunk = new RowsByChunk(1);
    buffer =
        new ChunkBuffer(
            key -> 0L,
            SealPolicy.DEFAULT,
            new LogRows(log, rowsByChunk, loader, allocator),
            System::nanoTime);
    log.start(
        1, new Applier(new Window(1_000_000_000, 1_000), buffer, rowsByChunk, loader, ledger, 0));
  }

  @AfterEach
  void close() {
    log.close();
    buffer.close();
    assertThat(buffer.bytes()).isZero();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void readerGetsAllItsRowsThoughTheyArePersistedAndTheLogIsReleasedMeanwhile() throws Exception {
    spill(40);
    put(KEY); // and one that stays in memory
    HotRead read = buffer.read(KEY, 0);
    HotRead unread = buffer.read(KEY, 0);
    List<Long> positions = new ArrayList<>();
    positions.add(read.next().batch().position());
    persist();
    buffer.releaseLogged();
    log.release(buffer.releasePoint());
    assertThatThrownBy(() -> buffer.read(KEY, 0)).isInstanceOf(ReloadException.class);
    assertThat(log.firstPosition()).as("the reader stands in its first segment").isEqualTo(1);
    for (HotRows rows = read.next(); rows != null; rows = read.next()) {
      positions.add(rows.batch().position());
      assertThat(rows.rows()).hasSize(20);
      assertThat(buffer.bytes()).as("one batch at a time").isLessThan(200 << 10);
    }
    assertThat(positions)
        .containsExactlyElementsOf(
            LongStream.concat(
                    LongStream.rangeClosed(1, 40).map(set -> 2 * set - 1), LongStream.of(81))
                .boxed()
                .toList());
    read.close();
    assertThat(log.firstPosition()).as("the other one has not begun").isEqualTo(1);
    int rows = 0;
    for (HotRows next = unread.next(); next != null; next = unread.next()) {
      rows += next.rows().length;
    }
    assertThat(rows).isEqualTo(41 * 20);
    unread.close();
    awaiting(() -> log.firstPosition() > 40);
    assertThat(buffer.bytes()).isZero();
  }

  @Test
  void rowsThatThePersistLeftInTheLogAreReadableUntilTheirGraceIsOver() throws Exception {
    spill(40);
    TableBuffer table = buffer.table(KEY);
    table.persisted(table.beginPersist().orElseThrow(), System.nanoTime());
    log.release(buffer.releasePoint());
    assertThat(log.firstPosition()).isEqualTo(1);
    try (HotRead read = buffer.read(KEY, 0)) {
      int rows = 0;
      for (HotRows next = read.next(); next != null; next = read.next()) {
        rows += next.rows().length;
      }
      assertThat(rows).isEqualTo(40 * 20);
    }
    buffer.release(0);
    assertThatThrownBy(() -> buffer.read(KEY, 0)).isInstanceOf(ReloadException.class);
    log.release(buffer.releasePoint());
    awaiting(() -> log.firstPosition() > 40);
  }

  @Test
  void readerThatHasPassedItsLoggedRowsLetsTheLogGo() throws Exception {
    spill(40);
    for (int i = 0; i < 60; i++) {
      put(OTHER);
    }
    put(KEY);
    try (HotRead read = buffer.read(KEY, 0)) {
      long last = 0;
      for (HotRows rows = read.next(); last < 141; rows = read.next()) {
        last = rows.batch().position();
      }
      persist();
      log.release(buffer.releasePoint());
      awaiting(() -> log.firstPosition() > 100); // segments behind its last logged row
    }
  }

  @Test
  void readThatHoldsRowsThatWereReadBackForItCanBeCut() throws Exception {
    spill(3);
    try (HotRead read = buffer.read(KEY, 0)) {
      assertThat(buffer.cutOldestReadBack()).as("it holds none yet").isFalse();
      assertThat(read.next()).isNotNull();
      assertThat(buffer.bytes()).isPositive();
      assertThat(buffer.cutOldestReadBack()).isTrue();
      assertThat(read.cutReason()).contains("memory");
    }
  }

  @Test
  void readOfMoreThanOneSetGoesFromOneToTheNext() throws Exception {
    spill(10);
    spill(10);
    put(KEY);
    spill(10);
    try (HotRead read = buffer.read(KEY, 3)) {
      List<Long> positions = new ArrayList<>();
      for (HotRows rows = read.next(); rows != null; rows = read.next()) {
        positions.add(rows.batch().position());
      }
      assertThat(positions).hasSize(29).isSorted().doesNotHaveDuplicates().startsWith(5L);
    }
  }

  @Test
  void damageIsNamedToWhoReadsItAndTheOtherTableGoesOn() throws Exception {
    spill(40);
    put(OTHER);
    buffer.seal(buffer.table(OTHER));
    Path segment;
    try (Stream<Path> files = Files.list(directory)) {
      segment =
          files.filter(file -> file.toString().endsWith(".wal")).sorted().findFirst().orElseThrow();
    }
    flipBit(segment, SEGMENT_BYTES / 2);
    TableBuffer table = buffer.table(KEY);
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElseThrow();
    long held = buffer.bytes();
    assertThatThrownBy(() -> buffer.load(set))
        .isInstanceOf(CorruptLogException.class)
        .hasMessageContaining(segment.getFileName().toString());
    assertThat(buffer.bytes()).as("what was read before it is freed").isEqualTo(held);
    table.persistFailed(set);
    try (HotRead read = buffer.read(KEY, 0)) {
      assertThatThrownBy(
              () -> {
                while (read.next() != null) {}
              })
          .isInstanceOf(CorruptLogException.class);
    }
    put(OTHER);
    TableBuffer other = buffer.table(OTHER);
    buffer.seal(other);
    other.persisted(other.beginPersist().orElseThrow(), 0); // its first rows are in memory no more
    assertThat(buffer.records().hot()).isEqualTo(40 * 20);
  }

  /** Rows of the table and of another one in turns, of which no vector is left in memory. */
  private void spill(int records) throws Exception {
    for (int i = 0; i < records; i++) {
      put(KEY);
      put(OTHER);
    }
    buffer.seal(buffer.table(KEY));
    buffer.seal(buffer.table(OTHER));
    buffer.spill(0);
    assertThat(buffer.bytes()).isZero();
    TableBuffer other = buffer.table(OTHER);
    ChunkSet set = other.beginPersist().orElseThrow();
    other.persisted(set, 0);
  }

  private void persist() throws Exception {
    for (TableKey key : List.of(KEY, OTHER)) {
      TableBuffer table = buffer.table(key);
      buffer.seal(table);
      for (ChunkSet set = table.beginPersist().orElse(null); set != null; ) {
        try (SetRows rows = buffer.load(set)) {
          assertThat(rows.chunks().stream().mapToLong(Chunk::rowCount).sum()).isEqualTo(set.rows());
        }
        table.persisted(set, 0);
        set = table.beginPersist().orElse(null);
      }
      buffer.release(0);
    }
  }

  private void put(TableKey key) throws Exception {
    long position = buffer.applied() + 1;
    byte[] message =
        WireMessages.spans(
            allocator, List.of(new BatchId(position, position)), 20, 0, HotSpans.NOW);
    CRC32C crc = new CRC32C();
    crc.update(message);
    ByteBuffer payload = ByteBuffer.allocateDirect(message.length).put(message).flip();
    log.append(
        new LogRecord(
            WireMessages.head(key.tenant(), key.table()),
            payload,
            (int) crc.getValue(),
            false,
            new Waiting(HotSpans.load(allocator, message))));
    awaiting(() -> buffer.applied() == position);
  }

  private static void flipBit(Path file, long at) throws Exception {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, at);
      channel.write(ByteBuffer.wrap(new byte[] {(byte) (one.get(0) ^ 4)}), at);
    }
  }

  private static void awaiting(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      assertThat(Thread.currentThread().isInterrupted()).as("timed out").isFalse();
      LockSupport.parkNanos(1_000_000);
    }
  }
}
