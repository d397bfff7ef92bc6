package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A quarter of each budget is for growing: of 12 bytes, 9 are for entering. */
final class ByteBudgetTest {

  private static final long LONG = 600_000;

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch refusals = new CountDownLatch(1);

  @AfterEach
  void stop() {
    timer.shutdownNow();
  }

  private ByteBudget.Waiter waiter(String name) {
    return new ByteBudget.Waiter() {
      @Override
      public void admitted() {
        told.add(name);
      }

      @Override
      public void refused(Outcome why) {
        told.add((why == ByteBudget.STOPPED ? "stopped " : "not ") + name);
        refusals.countDown();
      }
    };
  }

  private Reservation holding(ByteBudget budget, long bytes) {
    Reservation reservation = budget.reservation("default");
    assertThat(reservation.admit(bytes, waiter("nobody"))).isTrue();
    return reservation;
  }

  private Reservation waiting(ByteBudget budget, long bytes, String name) {
    Reservation reservation = budget.reservation("default");
    assertThat(reservation.admit(bytes, waiter(name))).isFalse();
    return reservation;
  }

  @Test
  void firstComeIsFirstServed() {
    ByteBudget budget = new ByteBudget(12, LONG, timer, nanos::get);
    Reservation first = holding(budget, 6);
    waiting(budget, 6, "b");
    waiting(budget, 1, "c"); // there would be room, but b is before it
    assertThat(told).isEmpty();
    first.close();
    assertThat(told).containsExactly("b", "c");
    assertThat(budget.taken()).isEqualTo(7);
  }

  @Test
  void moreThanTheWholeBudgetIsAdmittedAlone() {
    ByteBudget budget = new ByteBudget(12, LONG, timer, nanos::get);
    Reservation first = holding(budget, 1);
    Reservation large = waiting(budget, 100, "b");
    first.close();
    assertThat(told).containsExactly("b");
    Reservation last = waiting(budget, 1, "c");
    large.close();
    assertThat(told).containsExactly("b", "c");
    last.close();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void whoWaitsTooLongIsRefusedAndMakesWayForTheNext() throws Exception {
    ByteBudget budget = new ByteBudget(12, 100, timer, nanos::get);
    holding(budget, 5);
    waiting(budget, 100, "b");
    assertThat(refusals.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(told).containsExactly("not b");
    holding(budget, 4);
    assertThat(budget.taken()).isEqualTo(9);
  }

  @Test
  void whoIsInGrowsIntoTheLastQuarterAndNeverWaits() {
    ByteBudget budget = new ByteBudget(12, LONG, timer, nanos::get);
    Reservation one = holding(budget, 5);
    Reservation other = holding(budget, 4);
    assertThat(one.use(8)).isTrue();
    assertThat(other.use(5)).isFalse();
    assertThat(budget.taken()).isEqualTo(12);
    one.close();
    assertThat(other.use(5)).isTrue();
    assertThat(other.use(500)).describedAs("it is alone").isTrue();
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsNotUsedGoesBack() {
    ByteBudget budget = new ByteBudget(1 << 20, LONG, timer, nanos::get);
    Reservation reservation = holding(budget, 1_000);
    assertThat(reservation.use(300)).isTrue();
    reservation.free(100);
    reservation.trim();
    assertThat(budget.taken()).isEqualTo(200);
    reservation.settle(5_000);
    assertThat(reservation.use(1)).describedAs("it has grown to its end").isFalse();
    reservation.giveBack(1_000);
    assertThat(budget.taken()).isEqualTo(4_000);
    reservation.close();
    assertThat(budget.taken()).isZero();
  }

  @Test
  void whoLeavesDoesNotWaitAnyMore() {
    ByteBudget budget = new ByteBudget(12, LONG, timer, nanos::get);
    Reservation first = holding(budget, 9);
    waiting(budget, 9, "b").close();
    waiting(budget, 1, "c");
    first.close();
    assertThat(told).containsExactly("c");
    assertThat(budget.taken()).isEqualTo(1);
  }

  @Test
  void hintIsWhatIsAheadByTheRateAtWhichItWasGivenBack() {
    ByteBudget budget = new ByteBudget(1_200, LONG, timer, nanos::get);
    holding(budget, 900);
    assertThat(budget.retryMillis()).describedAs("no rate is known yet").isEqualTo(1_000);
    for (int i = 0; i < 200; i++) { // 100 bytes a second
      Reservation short1 = budget.reservation("default");
      short1.settle(10);
      nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      short1.close();
    }
    waiting(budget, 100, "b");
    assertThat(budget.retryMillis()).isBetween(950, 1_050);
    waiting(budget, 100, "c");
    assertThat(budget.retryMillis()).isBetween(1_900, 2_100);
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(budget.retryMillis()).describedAs("it stands still").isEqualTo(4_000);
  }

  @Test
  void queueOfThoseWhoWaitIsBounded() {
    ByteBudget budget = new ByteBudget(12, LONG, timer, nanos::get);
    holding(budget, 12);
    for (int i = 0; i < ByteBudget.MOST_WAITING; i++) {
      waiting(budget, 1, "b");
    }
    waiting(budget, 1, "c");
    assertThat(told).containsExactly("not c");
  }

  @Test
  void closingTellsWhoWaitsAndWhoComes() {
    ByteBudget budget = new ByteBudget(12, LONG, timer, nanos::get);
    holding(budget, 12);
    waiting(budget, 1, "b");
    budget.close();
    waiting(budget, 1, "c");
    assertThat(told).containsExactly("stopped b", "stopped c");
  }

  private void waiting(ByteBudget budget, String tenant, long bytes, String name) {
    assertThat(budget.reservation(tenant).admit(bytes, waiter(name))).isFalse();
  }

  @Test
  void tenantThatFloodsWaitsForItselfAndTheOtherComesInPastIt() {
    ByteBudget budget = new ByteBudget(120, LONG, timer, nanos::get); // 90 to enter
    Reservation first = holding(budget, 40);
    holding(budget, 50);
    for (int i = 0; i < 3; i++) {
      waiting(budget, "default", 10, "flood " + i);
    }
    waiting(budget, "quiet", 10, "quiet 0");
    waiting(budget, "quiet", 10, "quiet 1");
    assertThat(told).as("there is no room").isEmpty();
    first.close(); // 50 are the flood's, more than half
    assertThat(told).containsExactly("quiet 0", "quiet 1");
  }

  @Test
  void tenantsThatHaveNoMoreThanTheirPartHaveTurns() {
    ByteBudget budget = new ByteBudget(120, LONG, timer, nanos::get);
    Reservation all = holding(budget, 90);
    for (int i = 0; i < 3; i++) {
      waiting(budget, "a", 10, "a" + i);
    }
    for (int i = 0; i < 3; i++) {
      waiting(budget, "b", 10, "b" + i);
    }
    all.close();
    assertThat(told).containsExactly("a0", "b0", "a1", "b1", "a2", "b2");
  }

  @Test
  void tenantThatIsAloneHasItAll() {
    ByteBudget budget = new ByteBudget(120, LONG, timer, nanos::get);
    for (int i = 0; i < 9; i++) {
      holding(budget, 10);
    }
    assertThat(budget.taken()).isEqualTo(90);
  }

  @Test
  void placesToWaitAreSharedToo() {
    ByteBudget budget = new ByteBudget(12, LONG, timer, nanos::get);
    holding(budget, 12);
    budget.reservation("quiet").admit(1, waiter("quiet"));
    for (int i = 0; i < ByteBudget.MOST_WAITING; i++) {
      budget.reservation("default").admit(1, waiter("flood"));
    }
    assertThat(budget.waiting()).isEqualTo(1 + ByteBudget.MOST_WAITING / 2);
    assertThat(told).contains("not flood").doesNotContain("not quiet");
    budget.reservation("quiet").admit(1, waiter("quiet"));
    assertThat(told).doesNotContain("not quiet");
  }
}
