package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DrainRateTest {

  private final AtomicLong nanos = new AtomicLong(-5);
  private final DrainRate rate = new DrainRate(nanos::get, Duration.ofSeconds(10));

  private void seconds(double seconds) {
    nanos.addAndGet((long) (seconds * 1e9));
  }

  /** 1 MB/s, in steps of 100 ms. */
  private void drain(int seconds) {
    for (int i = 0; i < 10 * seconds; i++) {
      seconds(0.1);
      rate.freed(100_000);
    }
  }

  @Test
  void nothingMeasuredIsASecond() {
    assertThat(rate.millisUntilFreed(1)).isEqualTo(1_000);
    seconds(100);
    rate.freed(0);
    assertThat(rate.millisUntilFreed(Long.MAX_VALUE)).isEqualTo(1_000);
  }

  @Test
  void waitIsWhatIsWantedByTheRate() {
    drain(1);
    assertThat(rate.millisUntilFreed(500_000)).isCloseTo(500, within(30));
    drain(100);
    assertThat(rate.millisUntilFreed(500_000)).isCloseTo(500, within(10));
    assertThat(rate.millisUntilFreed(2_000_000)).isCloseTo(2_000, within(20));
  }

  @Test
  void waitHasALeastAndAMost() {
    drain(10);
    assertThat(rate.millisUntilFreed(0)).isEqualTo(100);
    assertThat(rate.millisUntilFreed(1)).isEqualTo(100);
    assertThat(rate.millisUntilFreed(Long.MAX_VALUE)).isEqualTo(4_000);
  }

  @Test
  void rateFollowsWhatWasFreedLately() {
    drain(100);
    seconds(10); // nothing: 1/e of the rate is left
    assertThat(rate.millisUntilFreed(500_000)).isCloseTo((int) (500 * Math.E), within(30));
    seconds(100_000);
    assertThat(rate.millisUntilFreed(1)).isEqualTo(4_000);
    drain(100);
    assertThat(rate.millisUntilFreed(500_000)).isCloseTo(500, within(10));
  }

  @Test
  void totalIsTheSameAsItsSteps() {
    long total = 0;
    for (int i = 0; i < 100; i++) {
      seconds(0.1);
      total += 100_000;
      rate.freedInAll(total);
      rate.freedInAll(total);
    }
    assertThat(rate.millisUntilFreed(500_000)).isCloseTo(500, within(30));
    seconds(3_600);
    rate.freedInAll(total + 3_600_000_000L);
    assertThat(rate.millisUntilFreed(500_000)).as("nobody asked for an hour").isEqualTo(500);
  }
}
