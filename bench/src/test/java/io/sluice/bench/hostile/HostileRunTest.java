package io.sluice.bench.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.harness.SluiceBox;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A short form of the figure {@code hostile}: real processes, and no latencies. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class HostileRunTest {

  private static final int CONNECTIONS = 50;
  private static final Set<String> TOO_LARGE = Set.of("413", "RESOURCE_EXHAUSTED", "429");
  private static final Set<String> WRONG =
      Set.of("400", "404", "405", "415", "429", "INVALID_ARGUMENT", "UNIMPLEMENTED");

  /** A bomb's turn may come after its sender's own time is up, on a machine that is busy. */
  private static final Set<String> GIVEN_UP = Set.of("DEADLINE_EXCEEDED");

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void honestClientsLoseNothingBesideAnAttackAndNothingOfItStays() throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      HostileRun.Outcome outcome =
          new HostileRun(box, CONNECTIONS).run(Duration.ofMillis(500), Duration.ofSeconds(2));
      box.stop();

      assertThat(outcome.phases()).allMatch(phase -> phase.acked() > 0);
      assertThat(outcome.phases()).allMatch(phase -> phase.failed() == 0);
      assertThat(outcome.audit().clean()).as(outcome.audit().toString()).isTrue();
      AttackReport attack = outcome.attack();
      assertThat(attack.connections()).isEqualTo(CONNECTIONS);
      assertThat(attack.answers()).hasSize(20);
      attack.answers().forEach(HostileRunTest::requireRefused);
    }
  }

  private static void requireRefused(String sort, Map<String, Long> answers) {
    boolean large = sort.contains("bomb") || sort.contains("oversize");
    assertThat(answers).as(sort).isNotEmpty();
    if (large && !sort.contains("item")) {
      assertThat(TOO_LARGE).as(sort).containsAll(answers.keySet());
    } else if (!large || !GIVEN_UP.containsAll(answers.keySet())) {
      assertThat(WRONG).as(sort).containsAnyElementsOf(answers.keySet());
      assertThat(answers.keySet()).as(sort).doesNotContain("200", "OK");
    }
  }
}
