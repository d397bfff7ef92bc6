package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LogTimeTest {

  private static final long HOUR = 3_600_000_000L;
  private static final long WALL = 500 * HOUR;

  private final LogTime time = new LogTime(WALL);

  @Test
  void newLogBeginsWhereTheWallClockStands() {
    assertThat(time.micros(1, 0, 7_000)).isEqualTo(WALL);
    assertThat(time.micros(1, 0, 9_000)).isEqualTo(WALL + 2);
  }

  @Test
  void timeGoesOnWhereItWasWhateverTheWallClockSays() {
    assertThat(time.micros(2, 3 * HOUR, 0)).isEqualTo(3 * HOUR);
    assertThat(time.micros(2, 3 * HOUR, 5_000)).isEqualTo(3 * HOUR + 5);
    assertThat(time.micros(4, 900 * HOUR, 5_000)).isEqualTo(900 * HOUR);
  }

  @Test
  void timeOfATermGoesOnFromItsFirstRecord() {
    assertThat(time.micros(2, HOUR, 0)).isEqualTo(HOUR);
    assertThat(time.micros(2, HOUR + 4, 8_000)).isEqualTo(HOUR + 8);
    assertThat(time.micros(3, HOUR + 8, 1_000_000)).isEqualTo(HOUR + 8);
  }
}
