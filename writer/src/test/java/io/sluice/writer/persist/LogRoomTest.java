package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.wal.LogUsage;
import io.sluice.writer.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LogRoomTest {

  private static final long ALL = 1_000_000;

  private final ManualClock clock = new ManualClock();
  private long used;
  private final LogRoom room =
      new LogRoom(() -> new LogUsage(used, 0, ALL, ALL, 0, ALL - used), clock);

  @Test
  void oneThatDoesNotFillPressesNot() {
    used = ALL / 4 * 3;
    room.begin();
    clock.advance(Duration.ofHours(1));
    assertThat(room.pressing()).isNull();
  }

  @Test
  void itPressesWhenLessThanAQuarterIsLeft() {
    room.begin();
    used = ALL / 4 * 3 + 1;
    assertThat(room.pressing()).startsWith("takes 750001 of 1000000 bytes");
  }

  @Test
  void itPressesWhenItWouldSoonBeFull() {
    room.begin();
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofMillis(500));
      used += 10_000;
      assertThat(room.pressing()).as("a burst").isNull();
    }
    used += 10_000;
    clock.advance(Duration.ofMillis(500));
    assertThat(room.pressing()).as("940000 at 20000/s").isNull();
    used += 60_000;
    clock.advance(Duration.ofSeconds(1));
    assertThat(room.pressing()).startsWith("would be full in 29 s");
  }

  @Test
  void howItFilledBeforeSaysNothing() {
    room.begin();
    for (int i = 0; i < 10; i++) {
      clock.advance(Duration.ofSeconds(1));
      used += 30_000;
      room.pressing();
    }
    assertThat(room.pressing()).isNotNull();
    room.begin();
    clock.advance(Duration.ofSeconds(5));
    assertThat(room.pressing()).isNull();
  }
}
