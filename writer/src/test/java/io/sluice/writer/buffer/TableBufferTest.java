package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.rows.EventTime;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.writer.HotSpans;
import io.sluice.writer.WireMessages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TableBufferTest {

  private static final long NOW = 1_790_000_000_000_000L;
  private static final long SEAL_BYTES = 200_000;
  private static final TableKey KEY = new TableKey("default", Table.TRACES);

  private final BufferAllocator allocator = new RootAllocator();
  private final TableBuffer table =
      new TableBuffer(
          KEY,
          10,
          new SealPolicy(SEAL_BYTES, SEAL_BYTES, Duration.ofSeconds(1), Duration.ofSeconds(1)),
          HotSpans.NO_LOG,
          new HotReads(),
          () -> false);

  @AfterEach
  void everythingIsFreed() {
    table.free();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void rangesOfSealsAreAdjacentAndEndAtWhatWasApplied() throws Exception {
    add(12);
    assertThat(table.seal(15)).isEqualTo(15);
    ChunkSet first = table.beginPersist().orElseThrow();
    add(17);
    table.seal(16);
    assertThat(first.from()).isEqualTo(10);
    assertThat(first.to()).isEqualTo(15);
    assertThat(table.beginPersist()).as("one set at a time").isEmpty();
    table.persisted(first, 0);
    ChunkSet second = table.beginPersist().orElseThrow();
    assertThat(second.from()).isEqualTo(15);
    assertThat(second.to()).as("a row was added since applied was read").isEqualTo(17);
    table.persisted(second, 0);
    assertThat(table.mark()).isEqualTo(17);
  }

  @Test
  void readerGetsWhatLiesAfterItsMarkWhateverItsState() throws Exception {
    add(11);
    table.seal(11);
    ChunkSet set = table.beginPersist().orElseThrow();
    add(12);
    assertThat(positions(10)).containsExactly(11L, 12L);
    table.persisted(set, 0);
    assertThat(positions(10)).as("kept for its grace").containsExactly(11L, 12L);
    assertThat(positions(11)).containsExactly(12L);
    assertThat(table.release(5, 10)).as("younger than its grace").isZero();
    assertThat(table.release(10, 10)).isPositive();
    assertThatThrownBy(() -> table.read(10, 12)).isInstanceOf(ReloadException.class);
    assertThat(positions(11)).containsExactly(12L);
  }

  @Test
  void readIsHeldThoughItsRowsAreLetGo() throws Exception {
    add(11);
    try (HotRead read = table.read(10, 11)) {
      table.seal(11);
      table.persisted(table.beginPersist().orElseThrow(), 0);
      table.release(1, 0);
      assertThat(read.next().batch().wire().rows()).isEqualTo(4);
    }
  }

  @Test
  void failedPersistIsTriedAgainWithTheSameSet() throws Exception {
    add(11);
    table.seal(11);
    ChunkSet set = table.beginPersist().orElseThrow();
    table.persistFailed(set);
    add(12);
    table.seal(12);
    assertThat(table.beginPersist()).containsSame(set);
    assertThat(set.to()).as("what a commit may have been tried of stays as it is").isEqualTo(11);
    table.persisted(set, 0);
  }

  @Test
  void setsThatPiledUpArePersistedAsOneUpToTheSizeOfASet() throws Exception {
    add(11);
    table.seal(13);
    ChunkSet failing = table.beginPersist().orElseThrow();
    table.persistFailed(failing);
    for (long position = 14; position <= 30; position++) {
      add(position);
      table.seal(position);
    }
    table.persisted(table.beginPersist().orElseThrow(), 0);
    ChunkSet merged = table.beginPersist().orElseThrow();
    assertThat(merged.from()).isEqualTo(13);
    long fit = SEAL_BYTES / failing.bytes();
    assertThat(fit).isBetween(2L, 16L);
    assertThat(merged.to()).isEqualTo(13 + fit);
    assertThat(merged.rows()).isEqualTo(4 * fit);
    try (SetRows rows = SetRows.of(merged, HotSpans.NO_LOG)) {
      assertThat(rows.chunks()).hasSize(1);
      assertThat(rows.chunks().iterator().next().rowCount()).isEqualTo(4 * fit);
    }
    assertThat(positions(10)).as("each row once").hasSize(18).doesNotHaveDuplicates();
    table.persisted(merged, 0);
    assertThat(table.mark()).isEqualTo(13 + fit);
  }

  @Test
  void setsOfLoadedAndOfLoggedRowsGoAsOne() throws Exception {
    add(11);
    table.seal(13);
    assertThat(table.spillNewest()).isTrue();
    add(14);
    table.seal(14);
    table.addLogged(15, 4, 1000, new int[0], RecordCounts.NONE, 0);
    add(16);
    table.addLogged(17, 4, 1000, new int[0], RecordCounts.NONE, 0);
    table.addLogged(19, 4, 1000, new int[0], RecordCounts.NONE, 0);
    table.seal(19);
    assertThat(table.hotRows()).isEqualTo(24);
    assertThat(table.loggedRows()).isEqualTo(16);
    ChunkSet merged = table.beginPersist().orElseThrow();
    assertThat(merged.to()).isEqualTo(19);
    assertThat(merged.parts()).extracting(HotPart::from).containsExactly(10L, 13L, 14L, 15L, 16L);
    assertThat(merged.parts()).extracting(HotPart::to).containsExactly(11L, 14L, 15L, 16L, 19L);
    long each = (merged.bytes() - 3_000) / 3;
    assertThat(merged.loggedBytes()).isEqualTo(each + 3_000);
    assertThat(table.bytes()).as("nobody reads them").isPositive().isLessThan(2 * each);
    table.persistFailed(merged);
    assertThat(table.spillNewest()).isTrue();
    assertThat(table.spillNewest()).as("nothing is left in memory").isFalse();
    assertThat(table.bytes()).isZero();
    assertThat(allocator.getAllocatedMemory()).isZero();
    assertThat(merged.rows()).isEqualTo(24);
    assertThat(table.loggedRows()).isEqualTo(24);
    assertThat(merged.parts())
        .as("repeats between sets are not known, so their parts stay apart")
        .extracting(HotPart::to)
        .containsExactly(11L, 14L, 19L);
  }

  @Test
  void loggedRowsHaveTheirGraceAsLongAsTheLogHasRoom() throws Exception {
    persistLogged(12, 0);
    persistLogged(14, 5);
    assertThat(table.owedAfter(20)).as("the log keeps them for readers").isEqualTo(10);
    table.releaseWhileAny(set -> set.heldBytes() > 0);
    assertThat(table.owedAfter(20)).as("they take no memory").isEqualTo(10);
    assertThat(table.release(10, 10)).isZero();
    assertThat(table.owedAfter(20)).as("the first has had its grace").isEqualTo(12);
    assertReload(11);
    assertThat(positions(14)).isEmpty();
    table.releaseWhileAny(set -> set.loggedRows() > 0);
    assertThat(table.owedAfter(20)).isEqualTo(20);
    assertReload(13);
    assertThat(positions(14)).isEmpty();
  }

  @Test
  void memoryThatRunsShortEndsTheGraceOfAllThatIsOlderThanTheLastRowsInMemory() throws Exception {
    persistLogged(11, 0);
    add(12);
    table.seal(12);
    table.persisted(table.beginPersist().orElseThrow(), 0);
    persistLogged(13, 0);
    table.releaseWhileAny(set -> set.heldBytes() > 0);
    assertThat(table.bytes()).isZero();
    assertReload(11);
    assertThat(table.owedAfter(20)).as("the newest is readable still").isEqualTo(12);
    assertThat(positions(13)).isEmpty();
  }

  @Test
  void logThatRunsFullEndsTheGraceOfAllThatIsOlderThanTheLastRowsInIt() throws Exception {
    add(11);
    table.seal(11);
    table.persisted(table.beginPersist().orElseThrow(), 0);
    persistLogged(12, 0);
    add(13);
    table.seal(13);
    table.persisted(table.beginPersist().orElseThrow(), 0);
    table.releaseWhileAny(set -> set.loggedRows() > 0);
    assertReload(11);
    assertThat(positions(12)).containsExactly(13L);
  }

  private void persistLogged(long position, long nowNanos) {
    table.addLogged(position, 4, 1000, new int[0], RecordCounts.NONE, 0);
    table.seal(position);
    table.persisted(table.beginPersist().orElseThrow(), nowNanos);
  }

  private void assertReload(long after) {
    assertThatThrownBy(() -> table.read(after, 20)).isInstanceOf(ReloadException.class);
  }

  @Test
  void setThatIsPersistingIsNotSpilled() throws Exception {
    add(11);
    table.seal(11);
    ChunkSet set = table.beginPersist().orElseThrow();
    assertThat(table.spillableBytes()).isZero();
    assertThat(table.spillNewest()).isFalse();
    table.persistFailed(set);
    assertThat(table.spillableBytes()).isEqualTo(set.heldBytes()).isLessThan(set.bytes());
  }

  @Test
  void replayThatIsFasterThanThePaceMakesSetsOfTheSizeOfASet() throws Exception {
    for (long position = 11; position <= 20; position++) {
      table.addLogged(position, 4, SEAL_BYTES / 2, new int[0], RecordCounts.NONE, 0);
    }
    table.seal(25);
    List<Long> ends = new ArrayList<>();
    for (ChunkSet set = table.beginPersist().orElse(null); set != null; ) {
      assertThat(set.bytes()).isEqualTo(SEAL_BYTES);
      ends.add(set.to());
      table.persisted(set, 0);
      set = table.beginPersist().orElse(null);
    }
    assertThat(ends).containsExactly(12L, 14L, 16L, 18L, 25L);
  }

  @Test
  void readerIsToldToReloadByTheLastRowLetGoAndNotByWhatElseTheLogHeld() throws Exception {
    add(12);
    table.seal(90);
    table.persisted(table.beginPersist().orElseThrow(), 0);
    assertThat(table.release(1, 0)).isPositive();
    assertThat(positions(12)).as("it has the last row").isEmpty();
    assertThatThrownBy(() -> table.read(11, 90)).isInstanceOf(ReloadException.class);
    add(91);
    assertThat(positions(12)).containsExactly(91L);
  }

  @Test
  void sealAnswersWhatItSealedOrWhatIsSealedAlready() throws Exception {
    assertThat(table.seal(40)).as("nothing is owed").isEqualTo(10);
    add(50);
    assertThat(table.seal(60)).isEqualTo(60);
    assertThat(table.seal(70)).as("no row came since").isEqualTo(60);
  }

  @Test
  void setThatIsPersistingIsFreedWhenThatEnds() throws Exception {
    add(11);
    table.seal(11);
    ChunkSet set = table.beginPersist().orElseThrow();
    add(12);
    table.free();
    assertThat(allocator.getAllocatedMemory()).as("the files are written from it").isPositive();
    try (SetRows rows = SetRows.of(set, HotSpans.NO_LOG)) {
      assertThat(rows.chunks().iterator().next().rows().get(0).batch().wire().rows()).isEqualTo(4);
    }
    table.persistFailed(set);
    assertThat(allocator.getAllocatedMemory()).isZero();
  }

  @Test
  void owesTheLogItsMarkWhileRowsAreUnpersisted() throws Exception {
    assertThat(table.owedAfter(40)).isEqualTo(40);
    add(50);
    assertThat(table.owedAfter(60)).isEqualTo(10);
    table.seal(60);
    table.persisted(table.beginPersist().orElseThrow(), 0);
    assertThat(table.owedAfter(70)).isEqualTo(70);
  }

  @Test
  void positionsOnlyGrow() throws Exception {
    add(12);
    assertThatThrownBy(() -> add(12)).isInstanceOf(IllegalStateException.class);
  }

  /** By one thread while others add, seal and persist. */
  @Test
  void ledgerAddsUpWheneverItIsAsked() throws Exception {
    Thread moving = new Thread(this::move);
    moving.start();
    long asked = 0;
    while (moving.isAlive() || asked == 0) {
      RecordCounts records = table.records();
      assertThat(records.missing()).as("%s", records).isZero();
      asked++;
    }
    moving.join();
    assertThat(table.records()).isEqualTo(new RecordCounts(350_000, 0, 0, 200_000, 0, 150_000));
  }

  private void move() {
    for (long position = 11; position < 100_011; position += 2) {
      table.addLogged(position, 4, 1_000, new int[] {1}, RecordCounts.taken(4, 1), 0);
      table.addVoids(position + 1, new int[] {0}, RecordCounts.taken(0, 2));
      table.seal(position + 1);
      table.persisted(table.beginPersist().orElseThrow(), 0);
    }
  }

  private List<Long> positions(long after) throws Exception {
    try (HotRead read = table.read(after, 12)) {
      List<Long> positions = new ArrayList<>();
      for (HotRows rows = read.next(); rows != null; rows = read.next()) {
        positions.add(rows.batch().position());
      }
      return positions;
    }
  }

  private void add(long position) throws Exception {
    byte[] message = WireMessages.spans(allocator, List.of(new BatchId(position, 1)), 4, 0, NOW);
    try (ArrowBuf memory = allocator.buffer(message.length)) {
      memory.setBytes(0, message);
      FlightFrame frame = FlightFrame.parse(memory.nioBuffer(0, message.length));
      LoadedBatch loaded =
          new BatchLoader(allocator, EventTime.DEFAULT)
              .load(Table.TRACES, frame, PutMetadata.parse(frame.metadata()), memory);
      HotBatch batch = loaded.at(position);
      try {
        Map<ChunkKey, int[]> all = Map.of(new ChunkKey(1, 0), new int[] {0, 1, 2, 3});
        table.add(new BatchRows(batch, all), new int[0], RecordCounts.NONE, 0);
      } catch (IllegalStateException e) {
        batch.release();
        throw e;
      }
    }
  }
}
