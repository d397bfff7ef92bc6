package io.sluice.schema.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LatencyTest {

  private final Latency latency = new Latency();

  @Test
  void nothingTookNoTime() {
    assertThat(Latency.quantile(latency.counts(), 0.99)).isEqualTo(Latency.NONE);
  }

  @Test
  void whatIsReadIsAtMostAnEighthTooHigh() {
    for (long micros = 1; micros < 1L << 30; micros = micros * 3 + 1) {
      Latency one = new Latency();
      one.note(micros * 1_000);
      assertThat(Latency.quantile(one.counts(), 0.5))
          .isBetween(micros, micros + Math.max(1, micros / 8));
    }
  }

  @Test
  void aHundredthMayTakeLongerThanTheNinetyNine() {
    for (int i = 0; i < 99; i++) {
      latency.note(2_000);
    }
    latency.note(5_000_000_000L);
    assertThat(Latency.quantile(latency.counts(), 0.99)).isEqualTo(2);
    assertThat(Latency.quantile(latency.counts(), 1)).isBetween(5_000_000L, 5_700_000L);
    assertThat(Latency.sum(latency.counts())).isEqualTo(100);
  }

  @Test
  void whatTakesForeverOrLessThanNothingIsCountedToo() {
    latency.note(Long.MAX_VALUE);
    latency.note(-1);
    assertThat(Latency.sum(latency.counts())).isEqualTo(2);
    assertThat(Latency.quantile(latency.counts(), 0.5)).isZero();
  }
}
