package io.sluice.query.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PaceTest {

  private final AtomicLong clock = new AtomicLong();

  @Test
  void recordsPassEvenlyAndAPauseIsMadeUpForByNoMoreThanASecond() throws Exception {
    Pace pace = new Pace(1_000, clock::get, clock::addAndGet);
    for (int i = 0; i < 10; i++) {
      pace.await(100);
    }
    assertThat(millis()).as("the first at once").isEqualTo(900);
    clock.addAndGet(TimeUnit.MINUTES.toNanos(1));
    long after = millis();
    for (int i = 0; i < 20; i++) {
      pace.await(100);
    }
    assertThat(millis() - after).isEqualTo(900);
  }

  @Test
  void withoutARateNobodyWaits() throws Exception {
    Pace pace = new Pace(0, clock::get, clock::addAndGet);
    pace.await(1_000_000);
    pace.await(1_000_000);
    assertThat(millis()).isZero();
  }

  private long millis() {
    return TimeUnit.NANOSECONDS.toMillis(clock.get());
  }
}
