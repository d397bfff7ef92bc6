package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.torture.FaultKind.Track;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {

  private static final Duration SOME = Duration.ofMinutes(15);

  @Test
  void theSameSeedGivesTheSamePlanAndAnotherAnother() {
    assertThat(FaultPlan.of(5, SOME)).isEqualTo(FaultPlan.of(5, SOME));
    assertThat(FaultPlan.of(6, SOME).faults()).isNotEqualTo(FaultPlan.of(5, SOME).faults());
  }

  @ParameterizedTest
  @ValueSource(longs = {20, 100, 120, 900, 3_600})
  void everyKindComesHoweverShortTheRun(long seconds) {
    Duration length = Duration.ofSeconds(seconds);

    assertThat(LongStream.range(0, 200).mapToObj(seed -> FaultPlan.of(seed, length)))
        .allSatisfy(
            plan ->
                assertThat(plan.faults())
                    .extracting(PlannedFault::kind)
                    .contains(FaultKind.values()));
  }

  @ParameterizedTest
  @EnumSource(Track.class)
  void faultsOfATrackDoNotOverlapAndEndInTime(Track track) {
    List<PlannedFault> faults = FaultPlan.of(7, SOME).of(track).toList();

    assertThat(faults).isNotEmpty();
    for (int i = 1; i < faults.size(); i++) {
      assertThat(faults.get(i).at())
          .isGreaterThanOrEqualTo(faults.get(i - 1).at().plus(faults.get(i - 1).length()));
    }
    PlannedFault last = faults.get(faults.size() - 1);
    assertThat(last.at().plus(last.length())).isLessThanOrEqualTo(SOME);
  }
}
