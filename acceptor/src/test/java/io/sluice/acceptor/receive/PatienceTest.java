package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatienceTest {

  private static final long NOW = -5; // a monotonic clock may be negative

  private final Patience patience = new Patience(Duration.ofSeconds(4));
  private final Arrival arrival =
      Arrival.now(InstantSource.fixed(Instant.parse("2026-01-01T00:00:00.000123Z")), () -> NOW);

  @ParameterizedTest
  @CsvSource({"10000, 9000", "2000, 1000", "1000, 500", "100, 50", "0, 0"})
  void waitsUntilASecondBeforeTheDeadlineOrHalfOfTheLittleThatIsLeft(long left, long waits) {
    assertThat(patience.giveUpNanos(arrival, TimeUnit.MILLISECONDS.toNanos(left)))
        .isEqualTo(NOW + TimeUnit.MILLISECONDS.toNanos(waits));
  }

  @Test
  void waitsItsOwnTimeWithoutADeadline() {
    assertThat(patience.giveUpNanos(arrival)).isEqualTo(NOW + TimeUnit.SECONDS.toNanos(4));
  }

  @Test
  void arrivalIsInMicrosSinceTheEpoch() {
    assertThat(arrival.micros()).isEqualTo(1_767_225_600_000_123L);
  }
}
