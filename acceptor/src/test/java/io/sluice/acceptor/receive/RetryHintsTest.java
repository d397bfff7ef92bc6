package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class RetryHintsTest {

  private final AtomicInteger room = new AtomicInteger(400);
  private final AtomicReference<Double> random = new AtomicReference<>(0.5);
  private final RetryHints hints = new RetryHints(room::get, random::get);

  private int told(Outcome outcome) {
    Outcome told = hints.told(outcome);
    if (told instanceof Outcome.Overloaded overloaded) {
      assertThat(overloaded.why()).isEqualTo(((Outcome.Overloaded) outcome).why());
      return overloaded.retryAfterMillis();
    }
    Outcome.Unavailable unavailable = (Outcome.Unavailable) told;
    assertThat(unavailable.why()).isEqualTo(((Outcome.Unavailable) outcome).why());
    return unavailable.retryAfterMillis();
  }

  @Test
  void hintsAreMovedByAQuarterEitherWay() {
    Outcome full = new Outcome.Overloaded(2_000, "full");
    Outcome away = new Outcome.Unavailable(1_000, "away");
    assertThat(told(full)).isEqualTo(2_000);
    random.set(0.0);
    assertThat(told(full)).isEqualTo(1_500);
    assertThat(told(away)).isEqualTo(750);
    random.set(Math.nextDown(1.0));
    assertThat(told(full)).isEqualTo(2_500);
    assertThat(told(away)).isEqualTo(1_250);
  }

  @Test
  void hintsAreMoreThanNoneAndLessThanFiveSeconds() {
    for (double at : new double[] {0.0, 0.5, Math.nextDown(1.0)}) {
      random.set(at);
      for (int hint : new int[] {Integer.MIN_VALUE, -1, 0, 1, 600_000, Integer.MAX_VALUE}) {
        assertThat(told(new Outcome.Overloaded(hint, ""))).isBetween(75, 4_999);
        assertThat(told(new Outcome.Unavailable(hint, ""))).isBetween(75, 4_999);
      }
    }
  }

  @Test
  void timesOfOnesOwnAreToldAsTheyAre() {
    random.set(0.0);
    assertThat(told(new Outcome.Overloaded(40, "limited", true))).isEqualTo(40);
    assertThat(told(new Outcome.Overloaded(4_800, "limited", true))).isEqualTo(4_800);
    assertThat(told(new Outcome.Overloaded(0, "limited", true))).isEqualTo(1);
    assertThat(told(new Outcome.Overloaded(9_000, "limited", true))).isEqualTo(4_900);
  }

  @Test
  void wantOfRoomHereHasTheHintOfThatMoment() {
    assertThat(told(ByteBudget.NO_ROOM)).isEqualTo(400);
    room.set(3_000);
    assertThat(told(ByteBudget.NO_ROOM)).isEqualTo(3_000);
  }

  @Test
  void whatWillNotPassHasNone() {
    for (Outcome outcome :
        new Outcome[] {
          new Outcome.Malformed("x"), new Outcome.TooLarge("x"), new Outcome.Stored(1, "x")
        }) {
      assertThat(hints.told(outcome)).isSameAs(outcome);
    }
  }
}
