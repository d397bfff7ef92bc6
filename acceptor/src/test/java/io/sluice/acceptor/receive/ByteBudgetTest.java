package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ByteBudgetTest {

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
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
      public void refused() {
        told.add("not " + name);
        refusals.countDown();
      }
    };
  }

  @Test
  void firstComeIsFirstServed() {
    ByteBudget budget = new ByteBudget(10, 60_000, timer);
    assertThat(budget.take(6, waiter("a"))).isTrue();
    assertThat(budget.take(6, waiter("b"))).isFalse();
    assertThat(budget.take(1, waiter("c"))).describedAs("b is before it").isFalse();
    assertThat(told).isEmpty();
    budget.release(6);
    assertThat(told).containsExactly("b", "c");
    assertThat(budget.taken()).isEqualTo(7);
  }

  @Test
  void moreThanTheWholeBudgetIsAdmittedAlone() {
    ByteBudget budget = new ByteBudget(10, 60_000, timer);
    assertThat(budget.take(1, waiter("a"))).isTrue();
    assertThat(budget.take(100, waiter("b"))).isFalse();
    budget.release(1);
    assertThat(told).containsExactly("b");
    assertThat(budget.take(1, waiter("c"))).isFalse();
    budget.release(100);
    assertThat(told).containsExactly("b", "c");
    budget.release(1);
    assertThat(budget.taken()).isZero();
  }

  @Test
  void whoWaitsTooLongIsRefusedAndMakesWayForTheNext() throws Exception {
    ByteBudget budget = new ByteBudget(10, 100, timer);
    assertThat(budget.take(5, waiter("a"))).isTrue();
    assertThat(budget.take(100, waiter("b"))).isFalse();
    assertThat(refusals.await(60, TimeUnit.SECONDS)).isTrue();
    assertThat(told).containsExactly("not b");
    assertThat(budget.take(5, waiter("c"))).isTrue();
    assertThat(budget.taken()).isEqualTo(10);
  }
}
