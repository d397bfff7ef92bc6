package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PlacementTest {

  private static final int MOST_WRITERS = 12;
  private static final int MOST_LOGS = 24;

  @Test
  void nobodyHoldsOrLeadsMoreThanItsPart() {
    for (int factor : new int[] {1, 3}) {
      for (int writers = factor; writers <= MOST_WRITERS; writers++) {
        for (int logs = 1; logs <= MOST_LOGS; logs++) {
          requireEven(Placement.of(logs, writers, List.of(), factor), logs, writers, factor);
        }
      }
    }
  }

  @Test
  void partsAreEvenInZonesToo() {
    for (int zones = 1; zones <= 5; zones++) {
      for (int writers = 3; writers <= MOST_WRITERS; writers++) {
        for (int logs = 1; logs <= MOST_LOGS; logs++) {
          requireEven(Placement.of(logs, writers, zones(writers, zones), 3), logs, writers, 3);
        }
      }
    }
  }

  @Test
  void whoIsToHoldNothingHoldsNothingAndTheOthersAsMuchAsIfItWereNotThere() {
    for (int writers = 4; writers <= MOST_WRITERS; writers++) {
      for (int logs = 1; logs <= MOST_LOGS; logs++) {
        for (int zones : new int[] {0, 4}) {
          List<String> names = zones == 0 ? List.of() : zones(writers, zones);
          int gone = logs % writers;
          Placement without = Placement.of(logs, writers, names, 3, Set.of(gone));
          assertThat(without.logs(gone)).isEmpty();
          int most = ceilDiv(logs * 3, writers - 1);
          for (int writer = 0; writer < writers; writer++) {
            assertThat(without.logs(writer)).hasSizeLessThanOrEqualTo(most);
          }
          int last = writers - 1;
          Placement fewer =
              Placement.of(logs, last, zones == 0 ? List.of() : names.subList(0, last), 3);
          Placement drained = Placement.of(logs, writers, names, 3, Set.of(last));
          for (int log = 0; log < logs; log++) {
            assertThat(drained.writers(log)).isEqualTo(fewer.writers(log));
          }
        }
      }
    }
  }

  private static void requireEven(Placement placement, int logs, int writers, int factor) {
    String size = "%d logs, %d Writers, factor %d".formatted(logs, writers, factor);
    int[] held = new int[writers];
    int[] led = new int[writers];
    for (int log = 0; log < logs; log++) {
      List<Integer> its = placement.writers(log);
      assertThat(its).as(size).hasSize(factor).doesNotHaveDuplicates();
      its.forEach(writer -> held[writer]++);
      led[placement.leader(log)]++;
    }
    int mostHeld = ceilDiv(logs * factor, writers);
    int mostLed = ceilDiv(logs, writers);
    assertThat(IntStream.of(held)).as(size).allMatch(its -> its <= mostHeld);
    assertThat(IntStream.of(led)).as(size).allMatch(its -> its <= mostLed);
    for (int writer = 0; writer < writers; writer++) {
      assertThat(placement.logs(writer)).as(size).hasSize(held[writer]);
    }
  }

  @Test
  void copiesAreInDifferentZonesWhereThereAreEnough() {
    for (int zones = 3; zones <= 4; zones++) {
      for (int writers = zones; writers <= MOST_WRITERS; writers += zones) {
        for (int logs = 1; logs <= MOST_LOGS; logs++) {
          requireApart(logs, zones(writers, zones));
        }
      }
    }
    requireApart(8, List.of("a", "a", "b", "b", "c", "c", "d"));
  }

  private static void requireApart(int logs, List<String> zones) {
    Placement placement = Placement.of(logs, zones.size(), zones, 3);
    for (int log = 0; log < logs; log++) {
      assertThat(placement.writers(log).stream().map(zones::get))
          .as("log %d of %d in %s", log, logs, zones)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void zonesThatAreTooUnlikeOverburdenNobody() {
    List<String> zones = List.of("a", "a", "a", "a", "b", "c");
    requireEven(Placement.of(12, 6, zones, 3), 12, 6, 3);
  }

  /** The least that could move is what the new Writer gets, and what others hold beyond a part. */
  @Test
  void oneWriterMoreMovesFewLogs() {
    int moved = 0;
    int least = 0;
    for (int writers = 3; writers < MOST_WRITERS; writers++) {
      Placement before = Placement.of(MOST_LOGS, writers, List.of(), 3);
      Placement after = Placement.of(MOST_LOGS, writers + 1, List.of(), 3);
      int now = 0;
      for (int log = 0; log < MOST_LOGS; log++) {
        HashSet<Integer> more = new HashSet<>(after.writers(log));
        more.removeAll(before.writers(log));
        now += more.size();
      }
      int part = ceilDiv(MOST_LOGS * 3, writers + 1);
      assertThat(now).as("copies that move to Writer %d", writers).isLessThanOrEqualTo(2 * part);
      moved += now;
      least += part;
    }
    assertThat(moved).as("in all, of at least about %d", least).isLessThan(least * 3 / 2);
  }

  /**
   * Everybody who routes, founds or rebalances must find the same, in this release and the next.
   */
  @Test
  void placementIsTheSameForEver() {
    assertThat(all(Placement.of(4, 2, List.of(), 1), 4)).isEqualTo("[1] [1] [0] [0]");
    assertThat(all(Placement.of(3, 3, List.of(), 3), 3)).isEqualTo("[1, 2, 0] [0, 1, 2] [2, 1, 0]");
    assertThat(all(Placement.of(6, 5, List.of(), 3), 6))
        .isEqualTo("[4, 1, 3] [4, 1, 0] [1, 4, 0] [0, 3, 2] [2, 1, 4] [2, 3, 0]");
    assertThat(all(Placement.of(6, 6, zones(6, 3), 3), 6))
        .isEqualTo("[5, 4, 3] [4, 0, 5] [0, 4, 2] [1, 5, 0] [2, 1, 3] [3, 2, 1]");
  }

  @Test
  void moreCopiesThanWritersCannotBePlaced() {
    assertThatThrownBy(() -> Placement.of(1, 2, List.of(), 3))
        .hasMessage("cannot place 3 copies on 2 Writers in 0 zones");
  }

  private static int ceilDiv(int of, int among) {
    return -Math.floorDiv(-of, among);
  }

  private static List<String> zones(int writers, int zones) {
    return IntStream.range(0, writers).mapToObj(writer -> "zone-" + writer % zones).toList();
  }

  private static String all(Placement placement, int logs) {
    Stream<String> each =
        IntStream.range(0, logs).mapToObj(log -> placement.writers(log).toString());
    return String.join(" ", each.toList());
  }
}
