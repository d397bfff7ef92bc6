package io.sluice.wal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many spares are kept, by how they are taken. */
final class SpareDemandTest {
  private static final long SEGMENT = 64 << 20;

  private long now = Long.MAX_VALUE - 7; // it wraps, as clocks may
  private final SpareDemand demand = new SpareDemand(100, SEGMENT, () -> now);

  private int unusedAfterAWhile(int spares) {
    assertThat(demand.isTimeToLook()).isFalse();
    now += TimeUnit.MILLISECONDS.toNanos(SpareDemand.LOOK_MILLIS);
    assertThat(demand.isTimeToLook()).isTrue();
    return demand.unused(spares);
  }

  @Test
  void whatNobodyTookOfGoesButForTwo() {
    assertThat(unusedAfterAWhile(50)).as("nothing is known yet").isZero();
    demand.left(30);
    demand.left(40);
    assertThat(unusedAfterAWhile(50)).isEqualTo(28);
    assertThat(unusedAfterAWhile(22)).isEqualTo(20);
    assertThat(unusedAfterAWhile(2)).isZero();
  }

  @Test
  void whatIsUsedStays() {
    for (int i = 0; i < 10; i++) {
      demand.left(1);
      assertThat(unusedAfterAWhile(50)).isZero();
    }
  }

  @Test
  void moreAreReadyOnceOneWasWaitedForAndFewerWhenTheyAreNotUsed() {
    assertThat(demand.ready()).isEqualTo(2);
    demand.waited();
    assertThat(demand.ready()).isEqualTo(8);
    assertThat(unusedAfterAWhile(8)).isZero();
    assertThat(demand.ready()).as("they were all taken").isEqualTo(8);
    assertThat(unusedAfterAWhile(8)).isZero();
    assertThat(demand.ready()).isEqualTo(2);
    assertThat(unusedAfterAWhile(8)).isEqualTo(6);
  }

  @Test
  void sparesLeaveTheDiskAsMuchAsTheyHave() {
    assertThat(demand.kept()).isEqualTo(100);
    demand.diskHas(20 * SEGMENT + 1);
    assertThat(demand.kept()).isEqualTo(20);
    demand.diskHas(0);
    assertThat(demand.kept()).isEqualTo(2);
  }

  @Test
  void noMoreThanMayBeAreReadyOrKept() {
    SpareDemand one = new SpareDemand(1, SEGMENT, () -> now);
    one.waited();
    assertThat(one.ready()).isEqualTo(1);
    assertThat(one.kept()).isEqualTo(1);
  }
}
