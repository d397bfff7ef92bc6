package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class AvailabilityTest {

  @Test
  void theLongestGapSaysWhichFaultsWereOn() throws Exception {
    FaultLog log =
        new FaultLog(
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    AtomicLong acked = new AtomicLong();
    Availability availability = new Availability(log).watching("gRPC", acked::get).begin();
    PlannedFault fault =
        new PlannedFault(
            FaultKind.LINK_STALLED, FaultKind.Track.LINK, Duration.ZERO, Duration.ZERO, 0);
    long before = System.nanoTime();
    log.during(fault, (planned, lasting) -> lasting.pass(), () -> {});
    long after = System.nanoTime();
    availability.close();

    Availability.Gap gap = availability.longest().get(0);
    assertThat(gap.faults()).containsExactly(FaultKind.LINK_STALLED);
    assertThat(gap.from()).isLessThanOrEqualTo(before);
    assertThat(gap.to()).isGreaterThanOrEqualTo(after);
    assertThat(gap.seconds()).isGreaterThanOrEqualTo((after - before) / 1e9);
    assertThat(log.between(System.nanoTime(), System.nanoTime())).isEmpty();
    assertThat(log.done()).containsExactly(FaultKind.LINK_STALLED);
  }
}
