package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A repair that loses power at any of its steps, or fails at any call, is run again. */
final class RepairCrashTest {
  private final SimulatedDisk pristine = new SimulatedDisk();
  private long records;

  private interface Damaging {
    void damage(SimulatedDisk disk) throws IOException;
  }

  private enum Damage {
    SWAPPED(
        disk -> {
          byte[] two = disk.bytes(SegmentName.live(2));
          disk.replace(SegmentName.live(2), disk.bytes(SegmentName.live(3)));
          disk.replace(SegmentName.live(3), two);
        }),
    A_BAD_HEADER_AND_A_STRAY(
        disk -> {
          byte[] bytes = disk.bytes(SegmentName.live(2));
          disk.replace("copy of 2.wal", bytes);
          Arrays.fill(bytes, 0, 100, (byte) 0);
          disk.replace(SegmentName.live(2), bytes);
          byte[] one = disk.bytes(SegmentName.live(1));
          Arrays.fill(one, 16, 20, (byte) 7);
          disk.replace(SegmentName.live(1), one);
        });

    private final Damaging how;

    Damage(Damaging how) {
      this.how = how;
    }
  }

  @BeforeEach
  void writeFourSegments() throws IOException {
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, new CrashingStorage(pristine), 3)) {
      while (!pristine.list().contains(SegmentName.live(4))) {
        log.group(Records.of(++records, 1_900)).mark();
      }
      log.finish();
    }
  }

  private static void repair(CrashingStorage storage) throws IOException {
    CrashingStorage aside = new CrashingStorage(new SimulatedDisk());
    WalRepair.repair(
        storage, name -> aside, new Random(3), Instant.EPOCH, true, (stream, payload) -> "");
  }

  private List<Long> all() {
    List<Long> all = new ArrayList<>();
    for (long id = 1; id <= records; id++) {
      all.add(id);
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void noStepIsTheWrongOneToLosePowerAt(Damage damage) throws Exception {
    boolean crashed = true;
    long n = 0;
    int refused = 0;
    while (crashed) {
      n++;
      SimulatedDisk disk = pristine.copy();
      damage.how.damage(disk);
      CrashingStorage storage = CrashingStorage.losingPowerAt(disk, n);
      try {
        repair(storage);
      } catch (IOException cut) {
        assertThat(cut).hasMessageContaining("power");
      }
      crashed = storage.isOff();
      for (int seed = 0; seed < 6; seed++) {
        SimulatedDisk left = disk.afterPowerCut(new Random(seed));
        if (left.list().stream().anyMatch(SegmentName::isRepaired)) {
          refused++;
          assertThat(Reopening.of(left.copy()).failure())
              .as("step %d", n)
              .hasMessageContaining("a repair that was cut short");
        }
        repair(new CrashingStorage(left));
        assertThat(Reopening.of(left)).as("step %d", n).isEqualTo(new Reopening(all(), null));
      }
    }
    assertThat(n).isGreaterThan(12);
    assertThat(refused).as("a start between two runs of a repair").isGreaterThan(6);
  }

  @ParameterizedTest
  @EnumSource(CrashingStorage.Fault.class)
  void noCallIsTheWrongOneToFail(CrashingStorage.Fault fault) throws Exception {
    boolean faulted = true;
    for (long n = 1; faulted; n++) {
      SimulatedDisk disk = pristine.copy();
      Damage.SWAPPED.how.damage(disk);
      CrashingStorage storage = CrashingStorage.failingAt(disk, n, fault);
      try {
        repair(storage);
      } catch (IOException failed) {
        assertThat(failed).hasMessageContaining("injected");
      }
      faulted = !storage.faulted().isEmpty();
      SimulatedDisk left = disk.afterPowerCut(new Random(n));
      repair(new CrashingStorage(left));
      assertThat(Reopening.of(left))
          .as("call %d, %s", n, storage.faulted())
          .isEqualTo(new Reopening(all(), null));
    }
  }
}
