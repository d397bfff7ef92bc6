package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A small run in which each call to the disk fails once, reads and names included: appends, rolls,
 * recycling, a clean stop, a reopening. What was applied is there afterwards, once, in its place,
 * and the log goes on; a log that failed took nothing more.
 */
final class FaultPointTest {
  private static final int APPENDS = 45;
  private static final long SEED = 5;
  private static final int AT_ONCE = 24;

  /** What happens to the disk between the processes. */
  private enum Between {
    NOTHING(disk -> disk),
    POWER_CUT(disk -> disk.afterPowerCut(new Random(disk.usedBytes())));

    private final UnaryOperator<SimulatedDisk> how;

    Between(UnaryOperator<SimulatedDisk> how) {
      this.how = how;
    }
  }

  /** A run whose spare could not be made waits a second before the next try: many run at once. */
  @ParameterizedTest
  @EnumSource(CrashingStorage.Fault.class)
  void eachCallOfAFirstRunMayFail(CrashingStorage.Fault fault) throws Exception {
    CrashingStorage unharmed = new CrashingStorage(new SimulatedDisk());
    new LogProcess(unharmed, new History(), SEED, 1).run(APPENDS);
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
    try {
      List<Future<Boolean>> runs = new ArrayList<>();
      for (long n = 1; n <= unharmed.calls(); n++) {
        long call = n;
        for (Between between : Between.values()) {
          runs.add(threads.submit(() -> failsAt(call, fault, between)));
        }
      }
      int hit = 0;
      for (Future<Boolean> run : runs) {
        hit += run.get() ? 1 : 0;
      }
      assertThat(hit).isGreaterThan(300);
    } finally {
      threads.shutdownNow();
    }
  }

  private static boolean failsAt(long n, CrashingStorage.Fault fault, Between between)
      throws Exception {
    History history = new History();
    CrashingStorage storage = CrashingStorage.failingAt(new SimulatedDisk(), n, fault);
    new LogProcess(storage, history, SEED, 1).run(APPENDS);
    String where = "%s at call %d, %s, %s".formatted(fault, n, storage.faulted(), between);
    storage.switchOff();
    goesOn(between.how.apply(storage.disk()), history, where);
    return !storage.faulted().isEmpty();
  }

  @ParameterizedTest
  @EnumSource(CrashingStorage.Fault.class)
  void eachCallOfARecoveryBehindATornTailMayFail(CrashingStorage.Fault fault) throws Exception {
    int hit = 0;
    for (long cut = 60; cut < 140; cut += 20) {
      boolean faulted = true;
      for (long n = 1; faulted; n++) {
        History history = new History();
        CrashingStorage first = CrashingStorage.losingPowerAt(new SimulatedDisk(), cut);
        new LogProcess(first, history, SEED, 1).run(APPENDS);
        SimulatedDisk left = first.disk().afterPowerCut(new Random(cut));
        CrashingStorage second = CrashingStorage.failingAt(left, n, fault);
        new LogProcess(second, history, SEED, 1_000).run(4);
        faulted = !second.faulted().isEmpty();
        hit += faulted ? 1 : 0;
        second.switchOff();
        String where = "cut at %d, %s at call %d, %s".formatted(cut, fault, n, second.faulted());
        goesOn(left.afterPowerCut(new Random(n)), history, where);
      }
    }
    assertThat(hit).isGreaterThan(100);
  }

  /** Two more starts, the second after a power cut. */
  private static void goesOn(SimulatedDisk disk, History history, String where) throws Exception {
    SimulatedDisk left = disk;
    for (int start = 1; start <= 2; start++) {
      try {
        long before = history.lastPosition();
        CrashingStorage storage = new CrashingStorage(left);
        LogProcess next = new LogProcess(storage, history, SEED, start * 1_000_000L);
        assertThat(next.run(3)).as("%s: opens again, %s", where, next.cause()).isTrue();
        assertThat(history.lastPosition()).as(where).isGreaterThan(before);
        left = left.afterPowerCut(new Random(before));
      } catch (AssertionError | CorruptLogException e) {
        throw new AssertionError(where + ": " + e.getMessage(), e);
      }
    }
  }
}
