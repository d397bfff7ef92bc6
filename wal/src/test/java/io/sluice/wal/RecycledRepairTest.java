package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A file that was a segment before still holds that one's records: a repair does not revive them.
 */
final class RecycledRepairTest {
  private static final int RECORDS = 150;

  private static SimulatedDisk logOfUsedFiles() throws Exception {
    SimulatedDisk disk = new SimulatedDisk();
    Collector collector = new Collector();
    LogEnvironment environment = LogProcess.environment(new CrashingStorage(disk), new Random(4));
    try (LocalLog log = LocalLog.open(LogProcess.CONFIG, environment, e -> {})) {
      log.start(1, collector);
      for (int id = 1; id <= RECORDS; id++) {
        append(log, Records.of(id, 900));
        collector.awaitCount(id);
        log.release(id - 50);
      }
    }
    return disk;
  }

  private static void append(LocalLog log, LogRecord record) throws LogFailedException {
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
  void aBadBeginningIsNotFilledWithAnOlderLife() throws Exception {
    SimulatedDisk pristine = logOfUsedFiles();
    List<Long> all = Reopening.of(pristine.copy()).ids();
    assertThat(all.get(0)).as("files were used anew").isGreaterThan(30);
    for (String name : pristine.list().stream().filter(n -> n.endsWith(".wal")).toList()) {
      for (int bytes : new int[] {SegmentHeader.BYTES, 2 * SegmentHeader.BYTES}) {
        SimulatedDisk disk = pristine.copy();
        byte[] damaged = disk.bytes(name);
        Arrays.fill(damaged, 0, bytes, (byte) 0x55);
        disk.replace(name, damaged);
        SimulatedDisk aside = new SimulatedDisk();
        WalRepair.Report report =
            WalRepair.repair(
                new CrashingStorage(disk),
                unused -> new CrashingStorage(aside),
                new Random(1),
                Instant.EPOCH,
                true,
                (stream, payload) -> "");
        TreeSet<Long> lost =
            report.lost().stream()
                .flatMap(l -> LongStream.rangeClosed(l.first(), l.last()).boxed())
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<Long> left = new TreeSet<>(all);
        left.removeAll(lost);
        Reopening reopening = Reopening.of(disk);
        assertThat(reopening.failure()).as(name).isNull();
        assertThat(reopening.ids()).as(name).containsExactlyElementsOf(left);
        if (bytes == SegmentHeader.BYTES) {
          assertThat(lost).as("%s: only its header was bad", name).isEmpty();
        }
      }
    }
  }
}
