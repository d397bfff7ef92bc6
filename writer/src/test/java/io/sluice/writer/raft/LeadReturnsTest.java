package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.writer.raft.LeadReturns.Lead;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** A lead goes back to its Writer when that has been well for 30 s, one every 5 s. */
final class LeadReturnsTest {

  private final LeadReturns returns =
      new LeadReturns(Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofSeconds(1));
  private final long begin = Long.MAX_VALUE - 10_000_000_000L; // a clock may run over

  private static Lead well(int log) {
    return new Lead(log, true, 3, Duration.ofMillis(200));
  }

  private OptionalInt at(double seconds, Lead... leads) {
    return returns.next(begin + (long) (seconds * 1e9), Arrays.asList(leads));
  }

  @Test
  void itsWriterHasToBeWellForAWhile() {
    assertThat(at(0, well(4))).isEmpty();
    assertThat(at(29.9, well(4))).isEmpty();
    assertThat(at(30, well(4))).hasValue(4);
  }

  @Test
  void whoIsNotWellBeginsAnew() {
    List<Lead> spells =
        List.of(
            new Lead(4, false, 0, Duration.ZERO), // its members are changing
            new Lead(4, true, LeadReturns.NEAR + 1, Duration.ZERO), // it is behind
            new Lead(4, true, 0, Duration.ofSeconds(1))); // it does not answer
    double now = 0;
    for (Lead spell : spells) {
      assertThat(at(now, well(4))).isEmpty();
      assertThat(at(now + 20, spell)).isEmpty();
      assertThat(at(now + 29, well(4))).isEmpty();
      assertThat(at(now + 31, well(4))).as("%s", spell).isEmpty();
      assertThat(at(now + 58.9, well(4))).isEmpty();
      assertThat(at(now + 59, well(4))).hasValue(4);
      now += 100;
    }
  }

  @Test
  void aLeadThatWasLostMeanwhileBeginsAnew() {
    assertThat(at(0, well(4))).isEmpty();
    assertThat(at(10)).isEmpty();
    assertThat(at(30, well(4))).isEmpty();
    assertThat(at(60, well(4))).hasValue(4);
  }

  @Test
  void oneAtATimeWithAPause() {
    assertThat(at(0, well(4), well(2), well(3))).isEmpty();
    assertThat(at(30, well(4), well(2), well(3))).hasValue(2);
    assertThat(at(30.1, well(4), well(3))).isEmpty();
    assertThat(at(34.9, well(4), well(3))).isEmpty();
    assertThat(at(35, well(4), well(3))).hasValue(3);
    assertThat(at(40, well(4))).hasValue(4);
    assertThat(at(45)).isEmpty();
  }

  @Test
  void whatFailedIsTriedAgainLaterAndHoldsUpNoOther() {
    assertThat(at(0, well(2), well(3))).isEmpty();
    assertThat(at(30, well(2), well(3))).hasValue(2);
    assertThat(at(35, well(2), well(3))).hasValue(3);
    assertThat(at(40, well(2))).as("seen anew since 35").isEmpty();
    assertThat(at(64.9, well(2))).isEmpty();
    assertThat(at(65, well(2))).hasValue(2);
  }
}
