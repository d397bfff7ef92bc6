package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RetryAfterTest {

  private static int seconds(int hint, double random) {
    Outcome spread = new RetryAfter(() -> random).spread(new Outcome.Overloaded(hint, "full"));
    int millis = ((Outcome.Overloaded) spread).retryAfterMillis();
    assertThat(millis % 1_000).isZero();
    return millis / 1_000;
  }

  /** Never less than the hint, at most half as much more, rounded up; under five. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, 2",
    "1, 1, 2",
    "1000, 1, 2",
    "1001, 2, 2",
    "1500, 2, 3",
    "2000, 2, 3",
    "2500, 3, 4",
    "3000, 3, 4",
    "3500, 3, 4",
    "600000, 3, 4"
  })
  void waitIsSpreadFromTheHintUp(int hint, int least, int most) {
    assertThat(seconds(hint, 0)).isEqualTo(least);
    assertThat(seconds(hint, Math.nextDown(1.0))).isEqualTo(most);
  }

  @Test
  void onlyWhatMayPassHasAWait() {
    RetryAfter spread = new RetryAfter(() -> 0.99);
    assertThat(spread.spread(new Outcome.Unavailable(1_000, "away")))
        .isEqualTo(new Outcome.Unavailable(2_000, "away"));
    for (Outcome other :
        new Outcome[] {
          new Outcome.Malformed("x"), new Outcome.TooLarge("x"), new Outcome.Stored(1, "x")
        }) {
      assertThat(spread.spread(other)).isSameAs(other);
    }
  }
}
