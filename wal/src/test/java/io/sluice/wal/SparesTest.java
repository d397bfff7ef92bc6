package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many files are kept in reserve. */
@Timeout(60)
final class SparesTest {
  private static final long SEGMENT = 16 << 10;
  private static final int RECORDS = 200;
  private static final WalConfig ROOMY =
      new WalConfig(Path.of("simulated"), SEGMENT, 100 * SEGMENT, 4 << 10, 100);

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void aPoolThatKeepsOneSpareComesToRest() throws Exception {
    WalConfig config = new WalConfig(Path.of("simulated"), SEGMENT, 12 * SEGMENT, 4 << 10, 1);
    CrashingStorage storage = new CrashingStorage(new SimulatedDisk());
    DiskBudget budget = new DiskBudget(SEGMENT, 12 * SEGMENT);
    SegmentPool pool =
        new SegmentPool(
            config, storage, budget, new SegmentList(List.of(begun())), nanos::get, e -> {});
    AtomicInteger forced = new AtomicInteger();
    storage.beforeForce(
        () -> {
          if (forced.incrementAndGet() == 20) {
            pool.stop();
          }
        });
    pool.open();
    pool.makeFirst();
    pool.poke();
    Thread preparing = new Thread(pool);
    preparing.start();
    while (preparing.isAlive() && preparing.getState() != Thread.State.TIMED_WAITING) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(forced.get()).as("files made").isLessThan(20);
    assertThat(budget.usage().spareBytes()).isEqualTo(SEGMENT);
    pool.stop();
    preparing.join();
  }

  @Test
  void releasedSegmentsAreUsedAnewHoweverManyThereAre() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    CrashingStorage storage = new CrashingStorage(disk);
    Collector applied = new Collector();
    List<Throwable> fatal = new ArrayList<>();
    LogEnvironment environment = LogProcess.environment(storage, new Random(1));
    try (LocalLog log = LocalLog.open(ROOMY, environment, fatal::add)) {
      log.start(1, applied);
      for (long id = 1; id <= RECORDS; id++) {
        log.append(Records.of(id, 1_000));
      }
      applied.awaitCount(RECORDS);
      long live =
          disk.list().stream().filter(name -> SegmentName.liveNumber(name).isPresent()).count();
      assertThat(live).isGreaterThan(10);
      log.release(RECORDS);
      while (spares(disk) < live - 1) {
        LockSupport.parkNanos(1_000_000);
      }
      storage.failWhen(call -> call.startsWith("create filling"));
      for (long id = RECORDS + 1; id <= 2 * RECORDS - 30; id++) {
        log.append(Records.of(id, 1_000));
      }
      applied.awaitCount(2 * RECORDS - 30);
      storage.failWhen(call -> false);
    }
    assertThat(fatal).isEmpty();
  }

  @Test
  void sparesThatNobodyTookGo() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    CrashingStorage storage = new CrashingStorage(disk);
    for (int i = 1; i <= 20; i++) {
      Storage.StorageFile file = storage.create(SegmentName.spare(i));
      file.write(new ByteBuffer[] {ByteBuffer.allocate((int) SEGMENT)}, 1, 0);
      file.force();
    }
    storage.forceDirectory();
    DiskBudget budget = new DiskBudget(SEGMENT, ROOMY.maxBytes());
    SegmentPool pool =
        new SegmentPool(
            ROOMY, storage, budget, new SegmentList(List.of(begun())), nanos::get, e -> {});
    pool.open();
    Thread preparing = new Thread(pool);
    preparing.start();
    while (spares(disk) > 2) {
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(SpareDemand.LOOK_MILLIS));
      pool.poke();
      LockSupport.parkNanos(1_000_000);
    }
    pool.stop();
    preparing.join();
    assertThat(spares(disk)).isEqualTo(2);
    assertThat(budget.usage().spareBytes()).isEqualTo(2 * SEGMENT);
  }

  private static long spares(SimulatedDisk disk) {
    return disk.list().stream().filter(SegmentName::isSpare).count();
  }

  private static Segment begun() {
    return Segment.begun(
        new SegmentHeader(new UUID(1, 2), 1, SEGMENT, 1, 0, 7, 0, SegmentHeader.BYTES));
  }
}
