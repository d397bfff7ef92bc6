package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The log's time is its own: the wall clock is asked once, when a log is made. */
final class LogClockTest {
  private static final long NOW = TimeUnit.DAYS.toMicros(20_000);

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong wallMicros = new AtomicLong(NOW);
  private final SimulatedDisk disk = new SimulatedDisk();
  private final List<Long> times = new ArrayList<>();

  private void append(int records) throws IOException, InterruptedException, LogFailedException {
    CountDownLatch applied = new CountDownLatch(records);
    LogEnvironment environment =
        new LogEnvironment(
            new CrashingStorage(disk), nanos::get, wallMicros::get, new Random(records));
    try (LocalLog log = LocalLog.open(LogProcess.CONFIG, environment, e -> {})) {
      log.start(
          log.recoveredPosition() + 1,
          record -> {
            times.add(record.logTimeMicros());
            applied.countDown();
          });
      for (int i = 0; i < records; i++) {
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(1));
        appendOnceThereIsRoom(log, Records.of(i, 20));
      }
      assertThat(applied.await(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void appendOnceThereIsRoom(LocalLog log, LogRecord record)
      throws LogFailedException {
    while (true) {
      try {
        log.append(record);
        return;
      } catch (LogFullException full) {
        LockSupport.parkNanos(1_000_000);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1})
  void anHourForthOrBackOfTheWallClockMovesTheLogsTimeByNothing(long hours) throws Exception {
    append(3);
    wallMicros.addAndGet(TimeUnit.HOURS.toMicros(hours));
    append(3);
    wallMicros.addAndGet(-TimeUnit.HOURS.toMicros(2 * hours));
    append(3);
    assertThat(times).hasSize(9).isSorted();
    assertThat(times.get(0)).isBetween(NOW, NOW + TimeUnit.SECONDS.toMicros(10));
    assertThat(times.get(8)).isLessThanOrEqualTo(NOW + TimeUnit.SECONDS.toMicros(9));
  }

  @Test
  void itAdvancesWithTheMonotonicClockFromWhereTheNewestRecordStood() {
    nanos.set(-5_000);
    LogClock clock = new LogClock(100, nanos::get);
    assertThat(clock.micros()).isEqualTo(100);
    nanos.set(7_999);
    assertThat(clock.micros()).isEqualTo(112);
  }
}
