package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class DiskBudgetTest {
  private static final long SEGMENT = 16 << 10;
  private static final long LOG_ID_AND_EXTENT = 8 << 10;

  private static LogRecord record(int bytes) {
    return new LogRecord(new byte[20], ByteBuffer.allocate(bytes), 0, false, null);
  }

  @Test
  void whatIsMissingIsWhatMustBeReleasedUntilTheRecordIsTaken() {
    DiskBudget budget = new DiskBudget(SEGMENT, 5 * SEGMENT);
    budget.diskHas(Long.MAX_VALUE / 2);
    for (int i = 0; i < 5; i++) {
      budget.addLive(SEGMENT);
    }
    long record = DiskBudget.worstCase(record(100));
    assertThat(budget.tryReserve(record)).isFalse();
    assertThat(budget.missing(record)).isEqualTo(3 * SEGMENT);
    budget.addLive(-2 * SEGMENT);
    assertThat(budget.tryReserve(record)).isFalse();
    assertThat(budget.missing(record)).isEqualTo(SEGMENT);
    budget.addLive(-SEGMENT);
    assertThat(budget.missing(record)).isZero();
    assertThat(budget.usage().releasedBytes()).isEqualTo(3 * SEGMENT);
    assertThat(budget.tryReserve(record)).isTrue();
  }

  @Test
  void roomIsWhatBudgetAndDiskHaveBeyondTheReserve() {
    DiskBudget budget = new DiskBudget(SEGMENT, 8 * SEGMENT);
    budget.diskHas(Long.MAX_VALUE / 2);
    budget.addLive(SEGMENT);
    budget.activeRemaining(1_000);
    assertThat(budget.usage().roomBytes()).isEqualTo(5 * SEGMENT + 1_000);
    assertThat(budget.tryReserve(300)).isTrue();
    assertThat(budget.usage().roomBytes()).as("promised").isEqualTo(5 * SEGMENT + 700);
    budget.addSpare(SEGMENT);
    budget.diskHas(2 * SEGMENT);
    assertThat(budget.usage().roomBytes()).as("by the disk").isEqualTo(SEGMENT + 700);
    budget.diskHas(SEGMENT);
    assertThat(budget.usage().roomBytes()).as("of the segment it writes").isEqualTo(700);
    budget.diskHas(0);
    assertThat(budget.usage().roomBytes()).as("the reserve is not there").isZero();
    assertThat(budget.tryReserve(1)).isFalse();
    budget.diskHas(SEGMENT);
    assertThat(budget.tryReserve(700)).isTrue();
    assertThat(budget.usage().roomBytes()).isZero();
    assertThat(budget.tryReserve(1)).isFalse();
  }

  /**
   * What releases it goes by that; the smallest takes two segments of records before it refuses.
   */
  @Property
  void logThatRefusesIsAboveItsMarks(@ForAll @IntRange(min = 0, max = 200) int quarters) {
    long most = 4 * SEGMENT + quarters * SEGMENT / 4;
    DiskBudget budget = new DiskBudget(SEGMENT, most);
    budget.diskHas(Long.MAX_VALUE / 2);
    long record = DiskBudget.worstCase(record(100));
    boolean wasHalfFull = false;
    while (budget.tryReserve(record)) {
      wasHalfFull = budget.usage().isHalfFull();
      budget.addLive(SEGMENT); // the record begins it
      budget.placed(List.of(record(100)));
    }
    assertThat(budget.usage().isHalfFull()).isTrue();
    assertThat(budget.usage().isThreeQuartersFull()).isTrue();
    assertThat(wasHalfFull).as("and a segment before").isEqualTo(most >= 5 * SEGMENT);
  }

  @Test
  void logThatFillsHasNoRoomWhenItRefuses() {
    DiskBudget budget = new DiskBudget(SEGMENT, 6 * SEGMENT);
    budget.diskHas(Long.MAX_VALUE / 2);
    long before = Long.MAX_VALUE;
    LogRecord record = record(1_000);
    long bytes = DiskBudget.worstCase(record);
    long remaining = 0;
    while (budget.tryReserve(bytes)) {
      if (bytes > remaining) {
        budget.addLive(SEGMENT);
        remaining = SEGMENT - SegmentHeader.BYTES;
      }
      remaining -= bytes;
      budget.activeRemaining(remaining);
      budget.placed(List.of(record));
      assertThat(budget.usage().roomBytes()).isLessThan(before);
      before = budget.usage().roomBytes();
    }
    assertThat(before).isLessThan(2 * SEGMENT);
  }

  /** Places what was admitted as the writing thread would: no segment may be needed in vain. */
  @Property(tries = 300)
  void whatIsAdmittedFitsTheBudgetHoweverItFalls(
      @ForAll long seed, @ForAll @IntRange(min = 3, max = 12) int segments) {
    Random random = new Random(seed);
    long max = segments * SEGMENT;
    DiskBudget budget = new DiskBudget(SEGMENT, max);
    budget.diskHas(Long.MAX_VALUE / 2);
    budget.addLive(SEGMENT);
    long live = SEGMENT;
    long remaining = SEGMENT - SegmentHeader.BYTES;
    ArrayDeque<LogRecord> waiting = new ArrayDeque<>();
    for (int i = 0; i < 200; i++) {
      LogRecord record = record(random.nextInt(random.nextInt(10) == 0 ? 40_000 : 4_000));
      if (budget.tryReserve(DiskBudget.worstCase(record))) {
        waiting.add(record);
      }
      while (!waiting.isEmpty() && random.nextInt(3) > 0) {
        LogRecord placed = waiting.remove();
        long bytes = DiskBudget.worstCase(placed);
        if (bytes > remaining) {
          long length = DiskBudget.segmentFor(bytes, SEGMENT);
          live += length;
          budget.addLive(length);
          remaining = length - SegmentHeader.BYTES;
        }
        remaining -= bytes;
        budget.activeRemaining(remaining);
        budget.placed(List.of(placed));
        assertThat(live).isLessThanOrEqualTo(max - 2 * SEGMENT);
      }
    }
  }

  @Test
  void aFullLogRefusesBeforeItWritesAndTakesAgainWhenReleased() throws Exception {
    WalConfig config = new WalConfig(Path.of("simulated"), SEGMENT, 5 * SEGMENT, 4 << 10, 2);
    SimulatedDisk disk = new SimulatedDisk();
    List<Long> tooMuch = new ArrayList<>();
    CrashingStorage storage = new CrashingStorage(disk);
    storage.beforeForce(
        () -> {
          if (disk.usedBytes() > config.maxBytes() + LOG_ID_AND_EXTENT) {
            tooMuch.add(disk.usedBytes());
          }
        });
    fillTwice(config, storage);
    assertThat(tooMuch).isEmpty();
  }

  @Test
  void aDiskSmallerThanTheBudgetIsNoticedBeforeItIsFull() throws Exception {
    WalConfig config = new WalConfig(Path.of("simulated"), SEGMENT, 100 * SEGMENT, 4 << 10, 2);
    SimulatedDisk disk = new SimulatedDisk();
    disk.capacity(6 * SEGMENT + 100);
    fillTwice(config, new CrashingStorage(disk));
  }

  private static void fillTwice(WalConfig config, CrashingStorage storage) throws Exception {
    List<Throwable> fatal = new ArrayList<>();
    History history = new History();
    LogEnvironment environment = LogProcess.environment(storage, new Random(1));
    long next = 1;
    try (LocalLog log = LocalLog.open(config, environment, fatal::add)) {
      log.start(1, history.consumer(1));
      next = fill(log, history, next, 20);
      log.release(log.appliedPosition());
      next = fill(log, history, next, 10);
    }
    history.check();
    for (int restart = 0; restart < 5; restart++) {
      try (LocalLog log = LocalLog.open(config, environment, fatal::add)) {
        long last = history.lastPosition();
        log.start(last, history.consumer(last));
        next = fill(log, history, next, 0);
      }
    }
    history.check();
    assertThat(fatal).isEmpty();
  }

  /**
   * Appends until the log has refused for a while, which it may not do before it took {@code
   * atLeast}: its pool's thread makes room in its own time. All that it took is applied.
   */
  private static long fill(LocalLog log, History history, long firstId, long atLeast)
      throws Exception {
    long id = firstId;
    int refusals = 0;
    while (refusals < 2_000 || id < firstId + atLeast) {
      try {
        log.append(Records.of(Records.STREAM, id, 700, history.attachment(id)));
        assertThat(history.awaitOutcome(id, () -> false)).isTrue();
        id++;
        refusals = 0;
      } catch (LogFullException e) {
        assertThat(e).hasMessageContaining("raise wal.max-bytes");
        refusals++;
        Thread.onSpinWait();
      }
    }
    return id;
  }
}
