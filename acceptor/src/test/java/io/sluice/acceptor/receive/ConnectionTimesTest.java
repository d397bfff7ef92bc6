package io.sluice.acceptor.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The defaults, against what exporters do. */
final class ConnectionTimesTest {

  private final ConnectionTimes times = ConnectionTimes.DEFAULT;

  @Test
  void clientsThatPingEvery10SecondsArePermittedTo() {
    assertThat(times.permitPing()).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  void metricsOnceAMinuteKeepTheirConnection() {
    assertThat(times.idle()).isGreaterThan(Duration.ofMinutes(1));
  }

  @Test
  void requestIsGivenUpBeforeAnOldConnectionIsCut() {
    Patience patience = new Patience(Duration.ofSeconds(4));
    long longest = patience.giveUpNanos(new Arrival(0, 0), Long.MAX_VALUE);
    assertThat(Duration.ofNanos(longest)).isPositive().isLessThan(times.grace());
  }
}
