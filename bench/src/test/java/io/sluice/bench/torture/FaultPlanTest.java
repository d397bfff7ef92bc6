package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.torture.FaultKind.Track;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultPlanTest {

  private static final Duration SOME = Duration.ofMinutes(15);

  static Stream<Repertoire> repertoires() {
    return Stream.of(Repertoire.ONE_BOX, Repertoire.ofCluster(false), Repertoire.ofCluster(true));
  }

  @ParameterizedTest
  @MethodSource("repertoires")
  void theSameSeedGivesTheSamePlanAndAnotherAnother(Repertoire repertoire) {
    FaultPlan five = FaultPlan.of(5, SOME, repertoire);
    assertThat(FaultPlan.of(5, SOME, repertoire)).isEqualTo(five);
    assertThat(FaultPlan.of(6, SOME, repertoire).faults()).isNotEqualTo(five.faults());
  }

  @ParameterizedTest
  @ValueSource(longs = {20, 100, 120, 900, 3_600})
  void everyKindComesHoweverShortTheRun(long seconds) {
    Duration length = Duration.ofSeconds(seconds);

    assertThat(repertoires())
        .allSatisfy(
            repertoire ->
                assertThat(
                        LongStream.range(0, 200)
                            .mapToObj(seed -> FaultPlan.of(seed, length, repertoire)))
                    .allSatisfy(
                        plan ->
                            assertThat(plan.faults())
                                .extracting(PlannedFault::kind)
                                .containsAll(repertoire.all())
                                .isSubsetOf(repertoire.all())));
  }

  @ParameterizedTest
  @MethodSource("repertoires")
  void faultsOfATrackDoNotOverlapAndEndInTime(Repertoire repertoire) {
    for (Track track : Track.values()) {
      List<PlannedFault> faults = FaultPlan.of(7, SOME, repertoire).of(track).toList();

      assertThat(faults.isEmpty()).isEqualTo(repertoire.of(track).isEmpty());
      for (int i = 1; i < faults.size(); i++) {
        assertThat(faults.get(i).at())
            .isGreaterThanOrEqualTo(faults.get(i - 1).at().plus(faults.get(i - 1).length()));
      }
      for (PlannedFault fault : faults) {
        assertThat(fault.at().plus(fault.length())).isLessThanOrEqualTo(SOME);
      }
    }
  }

  @Test
  void eachKindIsInARepertoireAndWhatHurtsProcessesOfAClusterComesOneByOne() {
    assertThat(repertoires().flatMap(repertoire -> repertoire.all().stream()))
        .contains(FaultKind.values());
    assertThat(Repertoire.ofCluster(true).of(Track.PROCESSES)).isEmpty();
    assertThat(Repertoire.ofCluster(true).of(Track.CLUSTER))
        .contains(FaultKind.WIPE_DISK, FaultKind.KILL_ACCEPTOR);
    assertThat(Repertoire.ofCluster(false).all()).doesNotContain(FaultKind.WIPE_DISK);
  }
}
