package io.sluice.writer.persist;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.writer.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimeToFullTest {

  private final ManualClock clock = new ManualClock();
  private long room = 1_000_000;
  private final TimeToFull time = new TimeToFull(() -> room, clock);

  @Test
  void nothingIsKnownBeforeItWasLookedAtTwice() {
    assertThat(time.seconds()).isEqualTo(TimeToFull.NEVER);
    time.look();
    assertThat(time.seconds()).isEqualTo(TimeToFull.NEVER);
  }

  @Test
  void logThatFillsEvenlyIsFullWhenItsRoomIsUsed() {
    fill(60, 1_000);
    assertThat(time.seconds()).isEqualTo(940);
  }

  @Test
  void logThatIsReleasedAsFastAsItFillsIsNeverFull() {
    fill(600, 0);
    assertThat(time.seconds()).isEqualTo(TimeToFull.NEVER);
    fill(600, -100);
    assertThat(time.seconds()).isEqualTo(TimeToFull.NEVER);
  }

  @Test
  void rateIsThatOfTheLastMinuteOrSo() {
    fill(3_600, 0);
    fill(300, 1_000);
    assertThat(time.seconds()).isBetween(700L, 720L);
  }

  @Test
  void fullLogHasNoTimeLeft() {
    fill(1_000, 1_000);
    assertThat(time.seconds()).isZero();
  }

  @Test
  void whoeverAsksLooksToo() {
    assertThat(time.seconds()).isEqualTo(TimeToFull.NEVER);
    clock.advance(Duration.ofSeconds(10));
    room -= 100_000;
    assertThat(time.seconds()).isEqualTo(90);
  }

  private void fill(int seconds, int bytes) {
    for (int i = 0; i < seconds; i++) {
      time.look();
      clock.advance(Duration.ofSeconds(1));
      room -= bytes;
    }
    time.look();
  }
}
