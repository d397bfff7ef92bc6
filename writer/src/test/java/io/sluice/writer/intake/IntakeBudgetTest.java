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
    assertThat(take(60)).isTrue();
    assertThat(take(41)).isFalse();
    giveBack(60);
    assertThat(take(41)).isTrue();
    assertThat(budget.usedBytes()).isEqualTo(41);
  }

  @Test
  void messageAboveTheLimitIsLetInAlone() {
    assertThat(take(1000)).isTrue();
    assertThat(take(1)).isFalse();
    giveBack(1000);
    assertThat(take(1)).isTrue();
  }

  @Test
  void refusedLargeMessageGetsItsTurnThoughSmallOnesKeepComing() {
    assertThat(take(10)).isTrue();
    assertThat(take(1000)).isFalse();
    assertThat(take(10)).as("room is held for the large one").isFalse();
    giveBack(10);
    assertThat(take(10)).isFalse();
    assertThat(take(1000)).isTrue();
    giveBack(1000);
    assertThat(take(10)).as("it had its turn").isTrue();
  }

  @Test
  void hintIsWhatIsMissingByTheRateAtWhichItWasGivenBack() {
    assertThat(take(100)).isTrue();
    assertThat(retryMillis(10)).as("no rate is known yet").isEqualTo(1_000);
    for (int i = 0; i < 1_000; i++) {
      clock.advance(Duration.ofMillis(100));
      giveBack(2);
      assertThat(take(2)).isTrue();
    }
    assertThat(retryMillis(10)).isBetween(480, 520); // 20 a second
    assertThat(retryMillis(30)).isBetween(1_450, 1_550);
    assertThat(retryMillis(1_000)).as("clipped").isEqualTo(4_000);
    clock.advance(Duration.ofHours(1));
    assertThat(retryMillis(10)).as("it stands still").isEqualTo(4_000);
  }

  @Test
  void roomIsHeldForAWhileOnly() {
    assertThat(take(50)).isTrue();
    assertThat(take(60)).isFalse();
    assertThat(take(10)).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(take(10)).as("the large one did not come again").isTrue();
  }

  @Test
  void refusedSmallMessageHoldsNobodyBack() {
    assertThat(take(90)).isTrue();
    assertThat(take(20)).isFalse();
    assertThat(take(10)).isTrue();
  }

  @Test
  void secondAcceptorGetsItsHalfThoughTheFirstComesFaster() {
    floodingLeavesHalf(new Sender("a", "t"), new Sender("b", "t"));
  }

  @Test
  void secondTenantGetsItsHalfThoughTheFirstComesFaster() {
    floodingLeavesHalf(new Sender("a", "t"), new Sender("a", "u"));
  }

  private void floodingLeavesHalf(Sender flood, Sender other) {
    for (int i = 0; i < 10; i++) {
      assertThat(budget.take(flood, 10)).as("alone it may have all").isTrue();
    }
    assertThat(budget.take(other, 10)).isFalse();
    for (int i = 0; i < 5; i++) {
      budget.giveBack(flood, 10);
      assertThat(budget.take(flood, 10)).as("the other waits for its half").isFalse();
    }
    for (int i = 0; i < 5; i++) {
      assertThat(budget.take(other, 10)).isTrue();
    }
    assertThat(budget.take(other, 10)).isFalse();
    budget.giveBack(flood, 10);
    assertThat(budget.take(other, 10)).as("the half is the flood's own").isFalse();
    assertThat(budget.take(flood, 10)).isTrue();
  }

  @Test
  void whoWantsNothingAnyMoreLeavesItsPartToTheOthers() {
    Sender flood = new Sender("a", "t");
    Sender other = new Sender("b", "t");
    assertThat(budget.take(flood, 100)).isTrue();
    assertThat(budget.take(other, 10)).isFalse();
    budget.giveBack(flood, 100);
    assertThat(budget.take(flood, 40)).isTrue();
    assertThat(budget.take(flood, 40)).isFalse();
    clock.advance(Duration.ofSeconds(1));
    assertThat(budget.take(flood, 40)).as("the other did not come again").isTrue();
  }

  private static final Sender ONE = new Sender("acceptor", "default");

  private boolean take(long bytes) {
    return budget.take(ONE, bytes);
  }

  private void giveBack(long bytes) {
    budget.giveBack(ONE, bytes);
  }

  private int retryMillis(long bytes) {
    return budget.retryMillis(ONE, bytes);
  }
}
