package io.sluice.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final LoadCredentials FIVE =
      new LoadCredentials(
          LoadCredentials.NONE.grpc(),
          null,
          Map.of("authorization", "Bearer x"),
          List.of("a", "b", "c", "d", "e"));

  @Test
  void nobodyHasASecondTurnBeforeAllHadOne() {
    int lanes = 3;
    List<Integer> turns =
        IntStream.range(0, 5)
            .boxed()
            .flatMap(
                number ->
                    IntStream.range(0, lanes).mapToObj(lane -> FIVE.turns(lane, lanes).at(number)))
            .toList();

    assertThat(turns).containsExactly(0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4);
  }

  @Test
  void aTurnIsNamedBesideWhatAllShow() {
    assertThat(FIVE.turns(0, 1).all().get(1))
        .isEqualTo(Map.of("authorization", "Bearer x", "x-scope-orgid", "b"));
    assertThat(LoadCredentials.NONE.turns(0, 1).all().get(0)).isEmpty();
  }

  @Test
  void requestsBeyondWhatAnIntCountsHaveATurn() {
    assertThat(FIVE.turns(2, 1_000).at(Integer.MAX_VALUE)).isBetween(0, 4);
  }
}
