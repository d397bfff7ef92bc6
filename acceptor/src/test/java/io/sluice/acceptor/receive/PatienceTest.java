package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.table.Signal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PatienceTest {

  private static final long NOW = -5; // a monotonic clock may be negative

  private final Patience patience =
      new Patience(
          Duration.ofSeconds(4),
          InstantSource.fixed(Instant.parse("2026-01-01T00:00:00.000123Z")),
          () -> NOW);

  private Received received(long leftNanos) {
    return patience.received(Signal.TRACES, new Body.Bytes(new byte[0], 0), leftNanos);
  }

  @ParameterizedTest
  @CsvSource({"10000, 9000", "2000, 1000", "1000, 500", "100, 50", "0, 0"})
  void waitsUntilASecondBeforeTheDeadlineOrHalfOfTheLittleThatIsLeft(long left, long waits) {
    assertThat(received(TimeUnit.MILLISECONDS.toNanos(left)).giveUpNanos())
        .isEqualTo(NOW + TimeUnit.MILLISECONDS.toNanos(waits));
  }

  @Test
  void waitsItsOwnTimeWithoutADeadline() {
    assertThat(received(-1).giveUpNanos()).isEqualTo(NOW + TimeUnit.SECONDS.toNanos(4));
  }

  @Test
  void arrivalIsInMicrosSinceTheEpoch() {
    assertThat(received(-1).receivedMicros()).isEqualTo(1_767_225_600_000_123L);
  }
}
