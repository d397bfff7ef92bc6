package io.sluice.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CompilerTimesTest {

  private static final String REST =
      " S 1 2 3 0 -1 4194368 10 0 0 0 150 25 7 8 20 0 5 0 100 200 300";

  @Test
  void compilersAreToldFromOtherThreads() {
    Map<Long, Long> times = new HashMap<>();
    CompilerTimes.note("41 (C2 CompilerThre)" + REST, times);
    CompilerTimes.note("42 (C1 CompilerThre)" + REST, times);
    CompilerTimes.note("43 (persist-0)" + REST, times);
    CompilerTimes.note("44 (odd) (name)" + REST, times);
    CompilerTimes.note("0 ()", times);

    assertThat(times).isEqualTo(Map.of(41L, 1_750L, 42L, 1_750L));
  }

  @Test
  void aThreadThatEndedTakesNothingAway() {
    CompilerTimes before = new CompilerTimes(Map.of(1L, 500L, 2L, 9_000L));
    CompilerTimes after = new CompilerTimes(Map.of(1L, 700L, 3L, 40L));

    assertThat(after.millisSince(before)).isEqualTo(240);
  }
}
