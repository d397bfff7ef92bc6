package io.sluice.writer.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.writer.sim.Simulation.Outcome;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A cluster keeps its promises whatever goes wrong with it: see {@link Run} for how it is looked
 * at. More seeds: {@code .ci/simulate --seeds 1-100000}.
 */
class SimulationTest {

  private static final int SEEDS = 300;
  private static final int SEEDS_OF_A_FLAW = 300;

  @Test
  void nothingIsLostOrDoubledWhateverGoesWrong() {
    Simulation simulation = new Simulation(Set.of(), 200);
    for (long seed = 1; seed <= SEEDS; seed++) {
      assertThat(simulation.run(seed).failure()).isNull();
    }
    for (Fault fault : Fault.values()) {
      assertThat(simulation.tally().count(fault)).as(fault.what()).isGreaterThan(SEEDS / 40);
    }
    assertThat(simulation.tally().count("reads that were whole")).isGreaterThan(SEEDS);
    assertThat(simulation.tally().count("sets persisted")).isGreaterThan(SEEDS);
  }

  /** Also what it says of it: all that happened, to the letter. */
  @ParameterizedTest
  @EnumSource(Flaw.class)
  void bugIsFoundAndItsSeedDoesTheSameAgain(Flaw flaw) {
    Simulation simulation = new Simulation(Set.of(flaw), 100_000);
    Outcome found = simulation.run(1);
    while (found.failure() == null && found.seed() < SEEDS_OF_A_FLAW) {
      found = simulation.run(found.seed() + 1);
    }
    assertThat(found.failure())
        .containsPattern("(?m)^seed .*(, which was stored|was called stored, and is not in|twice)");
    assertThat(new Simulation(Set.of(flaw), 100_000).run(found.seed())).isEqualTo(found);
  }

  @Test
  void seedDoesTheSameAgain() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(new Simulation(Set.of(), 10).run(seed))
          .isEqualTo(new Simulation(Set.of(), 10).run(seed));
    }
  }
}
