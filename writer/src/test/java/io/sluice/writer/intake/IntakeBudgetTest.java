package io.sluice.writer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.writer.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IntakeBudgetTest {

  private final ManualClock clock = new ManualClock();
  private final IntakeBudget budget = new IntakeBudget(100, clock, clock);

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    assertThat(budget.take(60)).isTrue();
    assertThat(budget.take(41)).isFalse();
    budget.giveBack(60);
    assertThat(budget.take(41)).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(41);
  }

  @Test
  void messageAboveTheLimitIsLetInAlone() {
    assertThat(budget.take(1000)).isTrue();
    assertThat(budget.take(1)).isFalse();
    budget.giveBack(1000);
    assertThat(budget.take(1)).isTrue();
  }

  @Test
  void refusedLargeMessageGetsItsTurnThoughSmallOnesKeepComing() {
    assertThat(budget.take(10)).isTrue();
    assertThat(budget.take(1000)).isFalse();
    assertThat(budget.take(10)).as("room is held for the large one").isFalse();
    budget.giveBack(10);
    assertThat(budget.take(10)).isFalse();
    assertThat(budget.take(1000)).isTrue();
    budget.giveBack(1000);
    assertThat(budget.take(10)).as("it had its turn").isTrue();
  }

  @Test
  void hintIsWhatIsMissingByTheRateAtWhichItWasGivenBack() {
    assertThat(budget.take(100)).isTrue();
    assertThat(budget.retryMillis(10)).as("no rate is known yet").isEqualTo(1_000);
    for (int i = 0; i < 1_000; i++) {
      clock.advance(Duration.ofMillis(100));
      budget.giveBack(2);
      assertThat(budget.take(2)).isTrue();
    }
    assertThat(budget.retryMillis(10)).isBetween(480, 520); // 20 a second
    assertThat(budget.retryMillis(30)).isBetween(1_450, 1_550);
    assertThat(budget.retryMillis(1_000)).as("clipped").isEqualTo(4_000);
    clock.advance(Duration.ofHours(1));
    assertThat(budget.retryMillis(10)).as("it stands still").isEqualTo(4_000);
  }

  @Test
  void roomIsHeldForAWhileOnly() {
    assertThat(budget.take(50)).isTrue();
    assertThat(budget.take(60)).isFalse();
    assertThat(budget.take(10)).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(budget.take(10)).as("the large one did not come again").isTrue();
  }

  @Test
  void refusedSmallMessageHoldsNobodyBack() {
    assertThat(budget.take(90)).isTrue();
    assertThat(budget.take(20)).isFalse();
    assertThat(budget.take(10)).isTrue();
  }
}
