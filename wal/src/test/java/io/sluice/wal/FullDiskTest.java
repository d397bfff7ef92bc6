package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log whose disk is full starts as long as the disk has not become smaller. */
@Timeout(120)
final class FullDiskTest {
  private static final long SEGMENT = 16 << 10;
  private static final long ODD_BYTES = 100;
  private static final int RECORDS = 40;
  private static final WalConfig CONFIG =
      new WalConfig(Path.of("simulated"), SEGMENT, 100 * SEGMENT, 4 << 10, 2);

  private static LogEnvironment environment(Storage storage) {
    return LogProcess.environment(storage, new Random(1));
  }

  private static List<Long> ids(long last) {
    return LongStream.rangeClosed(1, last).boxed().toList();
  }

  /** Some segments with records, and room for as many files more. */
  private static SimulatedDisk fullBut(int segments) throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    CrashingStorage storage = new CrashingStorage(disk);
    Collector applied = new Collector();
    try (LocalLog log = LocalLog.open(CONFIG, environment(storage), e -> {})) {
      log.start(1, applied);
      for (long id = 1; id <= RECORDS; id++) {
        log.append(Records.of(id, 1_000));
      }
      applied.awaitCount(RECORDS);
    }
    for (String name : disk.list()) {
      if (SegmentName.isSpare(name)) {
        disk.replace(name, null);
      }
    }
    fill(disk, segments);
    return disk;
  }

  private static void fill(SimulatedDisk disk, int freeSegments) {
    disk.capacity(disk.usedBytes() + freeSegments * SEGMENT + ODD_BYTES);
  }

  /** All that was acknowledged is read, and nothing is taken. */
  private static void starts(SimulatedDisk disk, String where) throws Exception {
    List<Throwable> fatal = new ArrayList<>();
    Collector replayed = new Collector();
    try (LocalLog log = LocalLog.open(CONFIG, environment(new CrashingStorage(disk)), fatal::add)) {
      log.start(1, replayed);
      assertThatThrownBy(() -> log.append(Records.of(9, 700)))
          .as(where)
          .isInstanceOf(LogFullException.class);
      replayed.awaitCount(RECORDS);
    } catch (IOException e) {
      throw new AssertionError(where + ", " + disk.list() + ": " + e.getMessage(), e);
    }
    assertThat(replayed.ids()).as(where).isEqualTo(ids(RECORDS));
    assertThat(fatal).as(where).isEmpty();
  }

  /** Whether the process was killed before it had stopped by itself. */
  private static boolean startsAndIsKilledAt(SimulatedDisk disk, long step) throws IOException {
    CrashingStorage storage = CrashingStorage.losingPowerAt(disk, step);
    try {
      LocalLog.open(CONFIG, environment(storage), e -> {}).close();
    } catch (CorruptLogException e) {
      throw e;
    } catch (IOException e) {
      assertThat(storage.isOff()).as("step %d: %s", step, e.getMessage()).isTrue();
    }
    boolean killed = storage.isOff();
    storage.switchOff();
    return killed;
  }

  @Test
  void startsAgainWhicheverStepsTheStartsBeforeWereKilledAt() throws Exception {
    SimulatedDisk full = fullBut(2);
    boolean killed = true;
    long first = 1;
    for (; killed; first++) {
      boolean killedToo = true;
      for (long second = 1; killedToo; second++) {
        SimulatedDisk disk = full.copy();
        String where = "killed at steps " + first + " and " + second;
        killed = startsAndIsKilledAt(disk, first);
        killedToo = startsAndIsKilledAt(disk, second);
        startsAndIsKilledAt(disk, first);
        startsAndIsKilledAt(disk, second);
        starts(disk, where);
        starts(disk, where + ", and once more");
      }
    }
    assertThat(first).isGreaterThan(15);
  }

  @Test
  void startsAgainWhenThePowerWentWithSomeOfThem() throws Exception {
    for (int slots = 1; slots <= 2; slots++) {
      SimulatedDisk full = fullBut(slots);
      for (int seed = 0; seed < 100; seed++) {
        Random random = new Random(seed);
        SimulatedDisk disk = full.copy();
        startsAndIsKilledAt(disk, Long.MAX_VALUE);
        for (int start = 0; start < 6; start++) {
          startsAndIsKilledAt(disk, 1 + random.nextInt(25));
          disk = random.nextBoolean() ? disk.afterPowerCut(random) : disk;
        }
        starts(disk, slots + " segments, seed " + seed);
      }
    }
  }

  @Test
  void aFileBegunAnewIsDurableWhicheverStepItsFirstStartWasKilledAt() throws Exception {
    SimulatedDisk full = fullBut(1);
    boolean killed = true;
    for (long step = 1; killed; step++) {
      SimulatedDisk disk = full.copy();
      killed = startsAndIsKilledAt(disk, step);
      starts(disk, "killed at step " + step);
      for (SimulatedDisk left : disk.everyPowerCut()) {
        starts(left, "killed at step " + step + ", then a power cut");
      }
    }
  }

  @Test
  void theLastFileThatIsLeftIsBegunAnewAsOftenAsNeeded() throws Exception {
    SimulatedDisk disk = fullBut(1);
    for (int start = 1; start <= 5; start++) {
      starts(disk, "start " + start);
    }
    assertThat(disk.usableBytes()).isEqualTo(ODD_BYTES);

    disk.capacity(Long.MAX_VALUE);
    Collector replayed = new Collector();
    try (LocalLog log = LocalLog.open(CONFIG, environment(new CrashingStorage(disk)), e -> {})) {
      log.start(1, replayed);
      log.append(Records.of(RECORDS + 1, 1_000));
      replayed.awaitCount(RECORDS + 1);
    }
    assertThat(replayed.ids()).isEqualTo(ids(RECORDS + 1));
  }

  @Test
  void aLogWithoutRecordsStartsAgainOnItsOneFile() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    disk.capacity(SEGMENT + (8 << 10));
    for (int start = 1; start <= 3; start++) {
      CrashingStorage storage = new CrashingStorage(disk);
      try (LocalLog log = LocalLog.open(CONFIG, environment(storage), e -> {})) {
        assertThat(log.firstPosition()).isEqualTo(1);
        assertThatThrownBy(() -> log.append(Records.of(9, 700)))
            .isInstanceOf(LogFullException.class);
      }
    }
  }

  /** The record behind the torn one fits the place behind the new one and its mark. */
  @Test
  void aTornWriteInAFileThatIsBegunAnewDoesNotComeBack() throws Exception {
    SimulatedDisk disk = fullBut(2);
    CrashingStorage storage = new CrashingStorage(disk);
    String newest;
    try (ScriptedLog log = new ScriptedLog(CONFIG, storage, 3)) {
      log.group(Records.of(51, 1_000 + RecordHeader.BYTES), Records.of(52, 1_000));
      newest = SegmentChain.read(storage, null).newest().fileName();
    }
    byte[] bytes = disk.bytes(newest);
    bytes[SegmentHeader.BYTES + 512] ^= 1;
    disk.replace(newest, bytes);
    for (String name : disk.list()) {
      if (SegmentName.isSpare(name)) {
        disk.replace(name, null);
      }
    }
    fill(disk, 0);

    Collector applied = new Collector();
    try (LocalLog log = LocalLog.open(CONFIG, environment(storage), e -> {})) {
      assertThat(log.recoveredPosition()).isEqualTo(RECORDS);
      log.start(1, applied);
      disk.capacity(Long.MAX_VALUE);
      appendOnceThereIsRoom(log, Records.of(RECORDS + 1, 1_000));
      applied.awaitCount(RECORDS + 1);
    }
    assertThat(SegmentChain.read(storage, null).newest().fileName()).isEqualTo(newest);

    Collector replayed = new Collector();
    try (LocalLog log = LocalLog.open(CONFIG, environment(storage), e -> {})) {
      log.start(1, replayed);
      assertThat(log.recoveredPosition()).isEqualTo(RECORDS + 1);
      replayed.awaitCount(RECORDS + 1);
    }
    assertThat(replayed.ids()).isEqualTo(ids(RECORDS + 1));
  }

  /** The pool is told of the room by the append that it refuses. */
  private static void appendOnceThereIsRoom(LocalLog log, LogRecord record) throws Exception {
    while (true) {
      try {
        log.append(record);
        return;
      } catch (LogFullException full) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @Test
  void aFileJustMadeIsNotCountedAsRoomOfTheDiskToo() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    disk.capacity(5 * SEGMENT + ODD_BYTES);
    CrashingStorage storage = new CrashingStorage(disk);
    DiskBudget budget = new DiskBudget(SEGMENT, CONFIG.maxBytes());
    Segment begun =
        Segment.begun(
            new SegmentHeader(new UUID(1, 2), 1, SEGMENT, 1, 0, 7, 0, SegmentHeader.BYTES));
    SegmentPool pool =
        new SegmentPool(CONFIG, storage, budget, new SegmentList(List.of(begun)), () -> 0, e -> {});
    pool.open();
    pool.makeFirst();
    long room = 3 * SEGMENT + ODD_BYTES;
    assertThat(budget.usage().roomBytes()).isEqualTo(room);

    List<Long> rooms = new ArrayList<>();
    storage.failWhen(
        call -> {
          if (call.equals("usable bytes")) { // the answer is not known yet
            rooms.add(budget.usage().roomBytes());
            if (disk.list().size() == 2) {
              pool.stop();
            }
          }
          return false;
        });
    pool.poke();
    pool.run();
    assertThat(disk.list()).as("spares").hasSize(2);
    assertThat(rooms).hasSizeGreaterThan(1).containsOnly(room);
  }

  @Test
  void aLogThatJustBeganCountsOnlyTheRoomThatItsOwnFilesLeft() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    disk.capacity(5 * SEGMENT + ODD_BYTES);
    CrashingStorage storage = new CrashingStorage(disk);
    CountDownLatch asked = new CountDownLatch(1);
    storage.beforeForce(
        () -> {
          if (Thread.currentThread().getName().equals("wal-prepare")) {
            await(asked);
          }
        });
    try (LocalLog log = LocalLog.open(CONFIG, environment(storage), e -> {})) {
      long ownFiles = disk.bytes(ExtentFile.NAME).length + disk.bytes(SegmentName.LOG_ID).length;
      long active = SEGMENT - SegmentHeader.BYTES - RecordHeader.BYTES;
      long room = log.usage().roomBytes();
      asked.countDown();
      assertThat(room).isEqualTo(2 * SEGMENT + ODD_BYTES - ownFiles + active);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
