package io.sluice.query.export;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class BackoffTest {

  @Property
  void waitsGrowWithinBoundsAndNeverFallBelowWhatWasAsked(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 1_000_000) int attempt,
      @ForAll @IntRange(max = 60_000) int askedMillis) {
    Backoff backoff =
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5), new SplittableRandom(seed));
    Duration asked = Duration.ofMillis(askedMillis);
    Duration wait = backoff.afterFailure(attempt, asked);

    assertThat(wait).isGreaterThanOrEqualTo(asked).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    assertThat(wait.toNanos())
        .isLessThanOrEqualTo((long) (1.2 * Math.max(5e9, asked.toNanos())) + 1);
    if (attempt == 1) {
      assertThat(backoff.afterFailure(1, Duration.ZERO)).isLessThan(Duration.ofMillis(121));
    }
  }
}
