package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.torture.StormTally.Sight;
import java.util.List;
import org.junit.jupiter.api.Test;

class StormTallyTest {

  @Test
  void aReadIsShortOnlyIfItHadToBeWhole() {
    assertThat(Sight.of(result(0, 0, 0), true)).isEqualTo(Sight.WHOLE);
    assertThat(Sight.of(result(1, 0, 0), true)).isEqualTo(Sight.SHORT);
    assertThat(Sight.of(result(1, 0, 0), false)).isEqualTo(Sight.WHOLE);
  }

  @Test
  void aRowTwiceOrOneThatWasNeverSentIsWrongInAnyRead() {
    assertThat(Sight.of(result(0, 1, 0), true)).isEqualTo(Sight.DOUBLED);
    assertThat(Sight.of(result(0, 0, 1), false)).isEqualTo(Sight.DOUBLED);
    assertThat(Sight.of(result(1, 1, 0), false)).isEqualTo(Sight.DOUBLED);
  }

  @Test
  void whatWasReadIsPrintedByWhatItGave() {
    StormTally tally = new StormTally();
    tally.count(Sight.WHOLE);
    tally.count(Sight.SHORT);
    tally.refused("the Writer is away");
    assertThat(tally)
        .hasToString("1 whole, 1 refused, 1 short, 0 doubled; refused at last: the Writer is away");
    assertThat(tally.whole()).isEqualTo(1);
  }

  private static AuditResult result(long lost, long duplicated, long extra) {
    return new AuditResult(10, lost, duplicated, extra, 0, 0, 0, 0, 0, List.of());
  }
}
