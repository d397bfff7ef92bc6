package io.sluice.writer.buffer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.writer.HotSpans;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A buffer whose log is persisted by this process or another one, in turns. */
class FollowingTest {

  private static final TableKey KEY = new TableKey("default", Table.TRACES);
  private static final int ROWS = 4;

  private final BufferAllocator allocator = new RootAllocator();
  private final TreeSet<Long> log = new TreeSet<>();
  private final ChunkBuffer buffer =
      new ChunkBuffer(
          key -> 0L,
          new SealPolicy(400 << 10, 400 << 10, Duration.ofDays(1), Duration.ofDays(1)),
          (table, part, after) -> new LogCursorOfPart(part, after),
          System::nanoTime);
  private final TableBuffer table = buffer.table(KEY);

  @AfterEach
  void everythingIsFreed() {
    buffer.close();
    assertThat(buffer.bytes()).isZero();
    assertThat(allocator.getAllocatedMemory()).isZero();
    allocator.close();
  }

  @Test
  void rowsOfAFollowerTakeNoMemoryAndAreReadAllTheSame() throws Exception {
    add(1, 2, 3);
    buffer.seal(table);
    table.persisted(table.beginPersist().orElseThrow(), 0);
    add(5, 6);
    buffer.seal(table);
    add(8);
    HotRead before = buffer.read(KEY, 0);
    buffer.follow();
    log.add(9L);
    buffer.addLogged(KEY, 9, ROWS, 100, new int[0], RecordCounts.replayed(ROWS));
    buffer.applied(9);
    assertThat(positions(before))
        .as("a read that was open")
        .containsExactly(1L, 2L, 3L, 5L, 6L, 8L);
    assertThat(buffer.bytes()).isZero();
    assertThat(table.hotRows()).isEqualTo(4 * ROWS);
    assertThat(table.loggedRows()).isEqualTo(4 * ROWS);
    assertThat(buffer.records().missing()).isZero();
    assertThat(positions(buffer.read(KEY, 3))).containsExactly(5L, 6L, 8L, 9L);
    assertThatThrownBy(() -> buffer.read(KEY, 2)).isInstanceOf(ReloadException.class);
  }

  @Test
  void followerSealsAndPersistsNothingAndALeaderGoesOnWithAllOfIt() throws Exception {
    add(1);
    buffer.seal(table);
    add(2);
    buffer.follow();
    assertThat(table.isOwed()).isFalse();
    assertThat(table.beginPersist()).isEmpty();
    buffer.seal(table);
    assertThat(buffer.sealComplete()).isFalse();
    buffer.lead();
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElseThrow();
    assertThat(List.of(set.from(), set.to(), set.rows())).containsExactly(0L, 2L, 2L * ROWS);
    assertThat(positions(set)).containsExactly(1L, 2L);
    table.persisted(set, 0);
    assertThat(table.mark()).isEqualTo(2);
  }

  @Test
  void markThatAnotherMovedCutsASetInTheMiddleOfWhatTheLogHas() throws Exception {
    buffer.follow();
    for (long position = 11; position <= 20; position++) {
      log.add(position);
      buffer.addLogged(KEY, position, ROWS, 100, new int[] {1}, RecordCounts.replayed(ROWS));
    }
    buffer.applied(20);
    buffer.moveMark(KEY, 15);
    assertThat(table.hotRows()).isEqualTo(5 * ROWS);
    assertThat(table.records().persisted()).isEqualTo(5 * ROWS);
    buffer.moveMark(KEY, 12);
    assertThat(table.mark()).as("never backwards").isEqualTo(15);
    buffer.lead();
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElseThrow();
    assertThat(List.of(set.from(), set.to(), set.rows())).containsExactly(15L, 20L, 5L * ROWS);
    assertThat(positions(set)).containsExactly(16L, 17L, 18L, 19L, 20L);
    assertThat(set.rowsAt(16).orElseThrow().contains(16, 1)).as("its repeats").isTrue();
    table.persistFailed(set);
    buffer.moveMark(KEY, 20);
    assertThat(table.isOwed()).isFalse();
    assertThat(table.hotRows()).isZero();
    assertThat(buffer.releasePoint()).isEqualTo(20);
    assertThat(buffer.records().missing()).isZero();
  }

  @Test
  void commitThatWasUnderWayCountsIfItWentThroughAndItsMemoryGoesWithItsEnd() throws Exception {
    add(1, 2);
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElseThrow();
    add(3);
    buffer.follow();
    assertThat(buffer.bytes()).as("the files are written from it").isPositive();
    assertThat(positions(set)).containsExactly(1L, 2L);
    assertThat(table.hotRows()).isEqualTo(3 * ROWS);
    table.persisted(set, 0);
    assertThat(buffer.bytes()).isZero();
    assertThat(table.mark()).isEqualTo(2);
    assertThat(table.hotRows()).isEqualTo(ROWS);
    assertThat(buffer.records().missing()).isZero();
  }

  @Test
  void commitThatWasUnderWayAndFailedIsNotTriedAgainAndItsRowsAreOwed() throws Exception {
    add(1, 2);
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElseThrow();
    buffer.follow();
    buffer.lead(); // again, before it has ended
    assertThat(table.persistFailed(set)).isFalse();
    assertThat(buffer.bytes()).isZero();
    ChunkSet next = table.beginPersist().orElseThrow();
    assertThat(next).isNotSameAs(set);
    assertThat(positions(next)).containsExactly(1L, 2L);
    table.persistFailed(next);
  }

  @Test
  void markMovedUnderASetThatIsPersistingLeavesTheRestToTheNext() throws Exception {
    add(1, 2, 3);
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElseThrow();
    buffer.moveMark(KEY, 2);
    assertThat(positions(set)).as("it does not change").containsExactly(1L, 2L, 3L);
    ChunkSet rest = table.beginPersist().orElseThrow();
    assertThat(List.of(rest.from(), rest.to())).containsExactly(2L, 3L);
    table.persistFailed(set);
    table.persisted(rest, 0);
    assertThat(table.mark()).isEqualTo(3);
    assertThat(buffer.records().persisted()).isEqualTo(3 * ROWS);
  }

  /** Another one leads, and this one does not know yet: it applies the records later. */
  @Test
  void rowsAtOrBelowAMarkThatIsAheadAreInTheTable() throws Exception {
    add(1);
    buffer.moveMark(KEY, 5);
    add(3, 5);
    buffer.addLogged(KEY, 5, ROWS, 100, new int[0], RecordCounts.replayed(ROWS));
    assertThat(table.hotRows()).isZero();
    assertThat(buffer.bytes()).isZero();
    add(7);
    assertThat(positions(buffer.read(KEY, 5))).containsExactly(7L);
    assertThatThrownBy(() -> buffer.read(KEY, 4)).isInstanceOf(ReloadException.class);
    buffer.seal(table);
    ChunkSet set = table.beginPersist().orElseThrow();
    assertThat(set.from()).isEqualTo(5);
    assertThat(buffer.records().missing()).isZero();
    table.persistFailed(set);
  }

  @Test
  void markOfATableThatHadNoRowsIsWhereItsFirstSetBegins() throws Exception {
    buffer.follow();
    TableKey other = new TableKey("acme", Table.LOGS);
    buffer.moveMark(other, 40);
    assertThat(buffer.table(other).mark()).isEqualTo(40);
    assertThat(buffer.table(other).replayedTo()).isEqualTo(40);
  }

  @Test
  void resetForgetsWhatWillBeAppliedAgainAndTakesTheRestForPersisted() throws Exception {
    add(1, 2, 3, 4);
    HotRead open = buffer.read(KEY, 0);
    buffer.reset(2);
    assertThat(buffer.isFollowing()).isTrue();
    assertThat(buffer.applied()).isEqualTo(2);
    assertThat(table.hotRows()).isZero();
    assertThat(table.records().persisted()).isEqualTo(2 * ROWS);
    assertThat(buffer.records().missing()).isZero();
    buffer.moveMark(KEY, 2);
    buffer.addLogged(KEY, 3, ROWS, 100, new int[0], RecordCounts.replayed(ROWS));
    assertThat(table.hotRows()).isEqualTo(ROWS);
    assertThat(buffer.records().missing()).isZero();
    assertThat(positions(open)).containsExactly(1L, 2L, 3L, 4L);
  }

  private void add(long... positions) {
    for (long position : positions) {
      log.add(position);
      HotSpans.add(allocator, buffer, KEY, position, ROWS);
    }
  }

  private List<Long> positions(ChunkSet set) throws Exception {
    TreeSet<Long> positions = new TreeSet<>();
    try (SetRows rows = buffer.load(set)) {
      rows.chunks().forEach(c -> c.rows().forEach(r -> positions.add(r.batch().position())));
    }
    return List.copyOf(positions);
  }

  private static List<Long> positions(HotRead opened) throws Exception {
    try (HotRead read = opened) {
      List<Long> positions = new ArrayList<>();
      for (HotRows rows = read.next(); rows != null; rows = read.next()) {
        positions.add(rows.batch().position());
      }
      return positions;
    }
  }

  private final class LogCursorOfPart implements LoggedRows.Cursor {

    private final Iterator<Long> positions;

    LogCursorOfPart(LoggedPart part, long after) {
      long from = Math.max(part.from(), after);
      positions = List.copyOf(log.subSet(from, false, part.to(), true)).iterator();
    }

    @Override
    public @Nullable BatchRows next() {
      if (!positions.hasNext()) {
        return null;
      }
      HotBatch batch = HotSpans.batch(allocator, positions.next(), ROWS);
      return new BatchRows(batch, Map.of(new ChunkKey(1, 0), new int[] {0, 1, 2, 3}));
    }

    @Override
    public void close() {}
  }
}
