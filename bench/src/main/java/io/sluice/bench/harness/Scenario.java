package io.sluice.bench.harness;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** What happens to a box while it is loaded. Plug in another by another class. */
public interface Scenario {

  /** How it is named on the command line. */
  String name();

  /** How much longer than asked the load may have to go on, until the scenario finishes it. */
  default Duration overtime() {
    return Duration.ZERO;
  }

  /**
   * Runs beside the load, on a thread of its own, from its start. When it returns, both services
   * run and are ready, whatever it did to them.
   *
   * @param load what is sent meanwhile
   * @param random the round's own
   * @return what to say of the round in its line
   * @throws AssertionError what must hold under load did not
   */
  String run(SluiceBox box, LoadRun load, RandomGenerator random) throws Exception;
}
