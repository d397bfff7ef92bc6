package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DrainTest {

  private long now;
  private final Drain drain = new Drain(() -> now, nanos -> now += nanos);

  @Test
  void whatIsNotOnTheDiskYetIsWaitedFor() {
    long written = TimeUnit.SECONDS.toNanos(1);
    assertThat(drain.await(() -> 9, () -> now < written ? 3 : 9)).isTrue();
    assertThat(now).isBetween(written, written + TimeUnit.MILLISECONDS.toNanos(10));
  }

  @Test
  void diskThatForcesNothingIsNotWaitedForForEver() {
    assertThat(drain.await(() -> 5, () -> 3)).isFalse();
    assertThat(now).isBetween(TimeUnit.SECONDS.toNanos(10), TimeUnit.SECONDS.toNanos(11));
  }

  @Test
  void logThatStartsAtASnapshotHasNothingToWaitFor() {
    assertThat(drain.await(() -> 41, () -> 41)).isTrue();
    assertThat(now).isZero();
  }
}
