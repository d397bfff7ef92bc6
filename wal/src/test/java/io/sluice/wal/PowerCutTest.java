package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was applied survives the loss of power at every step, also during recovery. */
final class PowerCutTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void nothingAppliedIsLostWhicheverStepIsTheLast(long seed) throws Exception {
    int applied = 0;
    boolean crashed = true;
    for (long n = 1; crashed; n++) {
      History history = new History();
      CrashingStorage storage = CrashingStorage.losingPowerAt(new SimulatedDisk(), n);
      crashed = !new LogProcess(storage, history, seed, 1).run(60);
      applied += history.size();
      reopen(seed + 31 * n, storage.disk(), history, "seed " + seed + ", step " + n);
    }
    assertThat(applied).isGreaterThan(1_000);
  }

  @Test
  void everySubsetOfWhatWasNotForcedMaySurvive() throws Exception {
    int disks = 0;
    boolean crashed = true;
    for (long n = 1; crashed; n++) {
      History history = new History();
      CrashingStorage storage = CrashingStorage.losingPowerAt(new SimulatedDisk(), n);
      crashed = !new LogProcess(storage, history, 4, 1).run(30);
      for (SimulatedDisk left : storage.disk().everyPowerCut()) {
        reopen(n, left, history.copy(), "step " + n + ", disk " + disks);
        disks++;
      }
    }
    assertThat(disks).isGreaterThan(400);
  }

  @Test
  void nothingAppliedIsLostWhenRecoveryIsCutToo() throws Exception {
    for (long n = 20; n < 260; n += 31) {
      boolean crashed = true;
      for (long m = 1; crashed; m++) {
        History history = new History();
        CrashingStorage first = CrashingStorage.losingPowerAt(new SimulatedDisk(), n);
        new LogProcess(first, history, n, 1).run(60);
        SimulatedDisk left = first.disk().afterPowerCut(new Random(n * 1_000 + m));
        CrashingStorage second = CrashingStorage.losingPowerAt(left, m);
        crashed = !new LogProcess(second, history, m, 1_000).run(3);
        reopen(m, second.disk(), history, "steps " + n + " and " + m);
      }
    }
  }

  /** Else the live name comes back, over the header of the segment that the spare was taken for. */
  @Test
  void nameOfASpareIsOnTheDiskBeforeItIsTakenThoughWhoGaveItWasKilled() throws Exception {
    boolean crashed = true;
    for (long n = 1; crashed; n++) {
      History history = new History();
      CrashingStorage first = new CrashingStorage(new SimulatedDisk());
      AtomicBoolean renamed = new AtomicBoolean();
      AtomicBoolean killed = new AtomicBoolean();
      first.failWhen(
          call -> {
            if (renamed.get() && call.equals("force directory")) {
              killed.set(true);
            }
            if (call.matches("rename [0-9]+\\.wal spare-.*")) {
              renamed.set(true);
            }
            return killed.get();
          });
      new LogProcess(first, history, 5, 1).run(200);
      first.switchOff();
      assertThat(killed).isTrue();
      CrashingStorage second = CrashingStorage.losingPowerAt(first.disk(), n);
      crashed = !new LogProcess(second, history, n, 1_000).run(6);
      for (SimulatedDisk left : second.disk().everyPowerCut()) {
        reopen(n, left, history.copy(), "step " + n);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void manyGenerationsOfCrashesKeepOneHistory(long seed) throws Exception {
    Random random = new Random(seed);
    History history = new History();
    SimulatedDisk disk = new SimulatedDisk();
    for (int generation = 0; generation < 70; generation++) {
      CrashingStorage storage = CrashingStorage.losingPowerAt(disk, 1 + random.nextInt(150));
      new LogProcess(storage, history, random.nextLong(), 1 + generation * 1_000L).run(40);
      storage.switchOff();
      boolean powerCut = random.nextInt(3) > 0;
      disk = powerCut ? disk.afterPowerCut(random) : disk;
    }
    reopen(seed, disk, history, "seed " + seed);
    assertThat(history.size()).isGreaterThan(300);
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void failedForceLosesNothingAcrossARestartAndAPowerCut(long seed) throws Exception {
    Random random = new Random(seed);
    History history = new History();
    SimulatedDisk disk = new SimulatedDisk();
    for (int generation = 0; generation < 60; generation++) {
      CrashingStorage storage = new CrashingStorage(disk);
      int[] left = {5 + random.nextInt(60)};
      storage.failWhen(call -> call.startsWith("force") && --left[0] == 0);
      long firstId = 1 + generation * 1_000L;
      new LogProcess(storage, history, random.nextLong(), firstId).run(40);
      storage.switchOff();
      new LogProcess(new CrashingStorage(disk), history, random.nextLong(), firstId + 500).run(1);
      disk = disk.afterPowerCut(random);
    }
    reopen(seed, disk, history, "seed " + seed);
  }

  private static void reopen(long seed, SimulatedDisk left, History history, String where)
      throws Exception {
    try {
      SimulatedDisk disk = left.afterPowerCut(new Random(seed));
      long before = history.lastPosition();
      LogProcess last = new LogProcess(new CrashingStorage(disk), history, seed, 1_000_000);
      assertThat(last.run(1)).as("%s: opens again, %s", where, last.cause()).isTrue();
      assertThat(history.lastPosition()).as(where).isGreaterThan(before);
      history.checkDurable();
    } catch (AssertionError | CorruptLogException e) {
      throw new AssertionError(where + ": " + e.getMessage(), e);
    }
  }
}
