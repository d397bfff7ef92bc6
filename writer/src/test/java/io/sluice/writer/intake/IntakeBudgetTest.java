package io.sluice.writer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.writer.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class IntakeBudgetTest {

  private final ManualClock clock = new ManualClock();
  private final IntakeBudget budget = new IntakeBudget(100, clock);

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
