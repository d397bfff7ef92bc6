package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.maintain.MaintenanceSettings;
import io.sluice.lake.maintain.ScheduleSettings;
import io.sluice.schema.service.Settings;
import io.sluice.schema.service.Telemetry;
import io.sluice.schema.table.Table;
import io.sluice.writer.persist.Holds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class MaintenanceScheduleTest {

  @TempDir private Path directory;

  @Test
  void runsAgainAndAgainUntilItIsClosed() throws Exception {
    try (Lake lake = lake()) {
      lake.ensureTables("default");
      Path stray = directory.resolve("warehouse/default/traces/metadata/stray.avro");
      Files.writeString(stray, "left by a crash");
      Files.setLastModifiedTime(stray, FileTime.from(Instant.now().minus(Duration.ofDays(4))));
      CountDownLatch waits = new CountDownLatch(3); // the third wait follows the second run
      MaintenanceSchedule schedule = schedule("on", waits);
      schedule.start(lake);
      waits.await();
      assertThat(stray).doesNotExist();
      assertThat(schedule.counters().orphans()).isEqualTo(1);
      assertThat(schedule.counters().failures()).isZero();
      assertThat(schedule.counters().tables()).isGreaterThanOrEqualTo(2L * Table.all().size());
      schedule.close();
      long tables = schedule.counters().tables();
      schedule.start(lake);
      assertThat(schedule.counters().tables()).isEqualTo(tables);
    }
  }

  @Test
  void doesNothingUnlessItIsSwitchedOn() throws Exception {
    for (String mode : new String[] {"off", "auto", "first"}) {
      CountDownLatch waits = new CountDownLatch(1);
      try (Lake lake = lake();
          MaintenanceSchedule schedule = schedule(mode, waits)) {
        schedule.start(lake);
        assertThat(Thread.getAllStackTraces().keySet())
            .noneMatch(thread -> thread.getName().equals("maintain"));
        assertThat(waits.getCount()).isEqualTo(1);
      }
    }
  }

  @Test
  void ofSeveralThatAreToldFirstOnlyTheFirstDoesIt() {
    ScheduleSettings told = new ScheduleSettings("first", Duration.ofHours(1));
    assertThat(told.of(0).isOn()).isTrue();
    assertThat(told.of(1).isOn()).isFalse();
    assertThat(told.of(1).isElsewhere()).isTrue();
    assertThat(new ScheduleSettings("on", Duration.ofHours(1)).of(1).isOn()).isTrue();
  }

  private Lake lake() throws Exception {
    return Lake.open(
        LakeConfig.of(
            "jdbc:sqlite:" + directory.resolve("catalog.db"),
            "file://" + directory.resolve("warehouse")),
        Clock.systemUTC());
  }

  private static MaintenanceSchedule schedule(String mode, CountDownLatch waits) {
    return new MaintenanceSchedule(
        MaintenanceSettings.from(Settings.defaults()),
        new ScheduleSettings(mode, Duration.ofMillis(1)),
        new Holds(System::nanoTime, new Telemetry("test")),
        Clock.systemUTC(),
        () -> {
          waits.countDown();
          return 0.5;
        });
  }
}
