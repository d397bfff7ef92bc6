package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A disk that cannot be read ends a start or a replay by name of the file, and harms nothing. */
final class ReadFailureTest {
  private final SimulatedDisk disk = new SimulatedDisk();
  private long records;

  @BeforeEach
  void writeThreeSegments() throws IOException {
    try (ScriptedLog log = new ScriptedLog(LogProcess.CONFIG, new CrashingStorage(disk), 3)) {
      while (!disk.list().contains(SegmentName.live(3))) {
        log.group(Records.of(++records, 1_900)).mark();
      }
      log.finish();
    }
  }

  /** The failure of a start, or of the replay that follows it. */
  private static Throwable failureOf(CrashingStorage storage) throws InterruptedException {
    CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    CountDownLatch applied = new CountDownLatch(1);
    LogEnvironment environment = LogProcess.environment(storage, new Random(1));
    try (LocalLog log = LocalLog.open(LogProcess.CONFIG, environment, fatal::complete)) {
      log.start(1, record -> applied.countDown());
      return fatal.join();
    } catch (IOException e) {
      return e;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aSegmentThatCannotBeReadIsNamedAndNothingIsLost(long number) throws Exception {
    SimulatedDisk before = disk.copy();
    String file = SegmentName.live(number);
    CrashingStorage storage = new CrashingStorage(disk);
    storage.failWhen(call -> call.equals("read " + file));
    assertThat(failureOf(storage))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file)
        .hasMessageContaining("Input/output error");
    for (String name : before.list()) {
      if (name.endsWith(".wal")) {
        assertThat(disk.bytes(name)).isEqualTo(before.bytes(name));
      }
    }
    List<Long> all = LongStream.rangeClosed(1, records).boxed().toList();
    assertThat(Reopening.of(disk).ids()).isEqualTo(all);
  }

  @Test
  void aReadThatFailsInTheMiddleOfAReplayLosesNothing() throws Exception {
    int[] reads = {0};
    String file = SegmentName.live(1);
    CrashingStorage storage = new CrashingStorage(disk);
    storage.failWhen(call -> call.equals("read " + file) && ++reads[0] == 2);
    assertThat(failureOf(storage)).hasMessageContaining(file);
    List<Long> all = LongStream.rangeClosed(1, records).boxed().toList();
    assertThat(Reopening.of(disk).ids()).isEqualTo(all);
  }

  @Test
  void aFileThatCannotBeReadIsAFindingOfItsOwn() throws Exception {
    CrashingStorage storage = new CrashingStorage(disk);
    storage.failWhen(call -> call.equals("read " + SegmentName.live(2)));
    WalVerify.Report report = WalVerify.verify(storage);
    assertThat(report.isSound()).isFalse();
    assertThat(report.findings().toString()).contains(SegmentName.live(2), "Input/output error");
  }
}
