package io.sluice.cli.rebalance;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.Placement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** From any members to those that are placed, without ever having fewer copies. */
final class NextStepTest {

  private static final List<Integer> PLACED = List.of(3, 0, 1);
  private static final Set<Integer> ALL = Set.of(0, 1, 2, 3);

  private static LogView view(int leader, List<Integer> members, Map<Integer, Long> applied) {
    return new LogView(leader, true, members, applied, ALL, Set.of());
  }

  private static Step next(LogView view) {
    return NextStep.of(view, PLACED, true);
  }

  @Test
  void aWriterGetsReadyThenACopyThenAnotherGoesThenItLeads() {
    Map<Integer, Long> three = Map.of(0, 9L, 1, 9L, 2, 9L);
    Map<Integer, Long> adopted = Map.of(0, 9L, 1, 9L, 2, 9L, 3, 0L);
    Map<Integer, Long> four = Map.of(0, 9L, 1, 9L, 2, 9L, 3, 9L);
    Map<Integer, Long> left = Map.of(0, 9L, 1, 9L, 3, 9L);
    List<Integer> before = List.of(0, 1, 2);
    List<Integer> after = List.of(0, 1, 3);
    assertThat(next(view(0, before, three))).isEqualTo(new Step.Adopt(3));
    assertThat(next(view(0, before, adopted))).isEqualTo(new Step.Add(3));
    assertThat(next(view(0, ALL.stream().sorted().toList(), four))).isEqualTo(new Step.Remove(2));
    assertThat(next(view(0, after, four))).isEqualTo(new Step.Lead(3));
    assertThat(next(view(3, after, four))).isInstanceOf(Step.Await.class); // it is to delete it
    assertThat(next(view(3, after, left))).isEqualTo(new Step.Done());
  }

  @Test
  void whoLeadsAndIsToGoHandsItsLeadOverFirst() {
    Map<Integer, Long> four = Map.of(0, 9L, 1, 9L, 2, 9L, 3, 9L);
    assertThat(next(view(2, List.of(0, 1, 2, 3), four))).isEqualTo(new Step.Lead(3));
    Map<Integer, Long> behind = Map.of(0, 9_000L, 1, 9_000L, 2, 9_000L, 3, 9L);
    assertThat(next(view(2, List.of(0, 1, 2, 3), behind))).isEqualTo(new Step.Lead(0));
  }

  @Test
  void nobodyGoesBeforeAMajorityOfThoseThatStayHasAllOfIt() {
    Map<Integer, Long> behind = Map.of(0, 9_000L, 2, 9_000L, 3, 9L); // and 1 is away
    assertThat(next(view(0, List.of(0, 1, 2, 3), behind)))
        .isInstanceOfSatisfying(
            Step.Await.class,
            step ->
                assertThat(step.why())
                    .isEqualTo(
                        "writer-2 cannot go: of those that stay, writer-0, writer-1, writer-3, only writer-0 has all of it"));
  }

  @Test
  void whoIsAwayIsTakenOutAllTheSame() {
    Map<Integer, Long> without = Map.of(0, 9L, 1, 9L, 3, 9L);
    LogView view = new LogView(0, true, List.of(0, 1, 2, 3), without, Set.of(0, 1, 3), Set.of());
    assertThat(next(view)).isEqualTo(new Step.Remove(2));
  }

  @Test
  void nothingIsBegunWhileAnythingIsUnderWay() {
    Map<Integer, Long> three = Map.of(0, 9L, 1, 9L, 2, 9L);
    List<Integer> members = List.of(0, 1, 2);
    assertThat(next(new LogView(0, false, members, three, ALL, Set.of())))
        .isInstanceOf(Step.Await.class);
    assertThat(next(new LogView(-1, true, members, three, ALL, Set.of())))
        .isInstanceOf(Step.Await.class);
    assertThat(next(new LogView(0, true, members, three, ALL, Set.of(2))))
        .isInstanceOf(Step.Await.class);
    assertThat(next(new LogView(0, true, members, three, Set.of(0, 1, 2), Set.of())))
        .isInstanceOf(Step.Await.class);
  }

  @Test
  void leadsStayWithWhoHasTheLogIfOnlyMembersAreToBeOthers() {
    Map<Integer, Long> its = Map.of(0, 9L, 1, 9L, 3, 9L);
    LogView view = view(1, List.of(0, 1, 3), its);
    assertThat(NextStep.of(view, PLACED, false)).isEqualTo(new Step.Done());
    assertThat(NextStep.of(view, PLACED, true)).isEqualTo(new Step.Lead(3));
  }

  /** Every step may be lost, and whoever does them is begun anew: he remembers nothing. */
  @Test
  void itEndsAsPlacedWhateverFailsAndIsSafeAtEachStep() {
    Set<Class<?>> met = new HashSet<>();
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      int writers = 3 + random.nextInt(5);
      List<Integer> anyone = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        anyone.add(writer);
      }
      Collections.shuffle(anyone, random);
      List<Integer> placed = Placement.of(24, writers, List.of(), 3).writers(random.nextInt(24));
      boolean lead = random.nextBoolean();
      ModelLog log = new ModelLog(random, writers, anyone.subList(0, 3));
      for (int turn = 0; turn < 60; turn++) {
        Step step = NextStep.of(log.view(), placed, lead);
        met.add(step.getClass());
        log.act(step);
        assertThat(log.isSafe()).as("seed %d, turn %d, %s: %s", seed, turn, step, log).isTrue();
        log.pass(false);
      }
      Step step = NextStep.of(log.view(), placed, lead);
      for (int turn = 0; turn < 200 && !(step instanceof Step.Done); turn++) {
        log.act(step);
        assertThat(log.isSafe()).as("seed %d, %s: %s", seed, step, log).isTrue();
        log.pass(true);
        step = NextStep.of(log.view(), placed, lead);
      }
      assertThat(step).as("seed %d: %s", seed, log).isEqualTo(new Step.Done());
      assertThat(log.view().members()).containsExactlyInAnyOrderElementsOf(placed);
      if (lead) {
        assertThat(log.view().leader()).isEqualTo(placed.get(0));
      }
    }
    assertThat(met).hasSize(6);
  }

  /** Each looks before the other acts, so that every second step is by what was so before. */
  @Test
  void twoAtOnceEndAsPlacedAndNeitherTakesTheOtherForOneThatMovesElsewhere() {
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      int writers = 4 + random.nextInt(3);
      List<Integer> placed = Placement.of(24, writers, List.of(), 3).writers(random.nextInt(24));
      ModelLog log = new ModelLog(random, writers, List.of(0, 1, 2));
      List<Contest> contests = List.of(new Contest(placed), new Contest(placed));
      boolean done = false;
      for (int turn = 0; turn < 260 && !done; turn++) {
        LogView seen = log.view();
        Step step = NextStep.of(seen, placed, true);
        for (Contest contest : contests) {
          assertThat(contest.isOn(seen)).as("seed %d: %s", seed, log).isFalse();
          log.act(seen, step);
          assertThat(log.isSafe()).as("seed %d, %s: %s", seed, step, log).isTrue();
        }
        done = turn > 60 && step instanceof Step.Done;
        log.pass(turn > 60);
      }
      assertThat(done).as("seed %d: %s", seed, log).isTrue();
      assertThat(log.view().members()).containsExactlyInAnyOrderElementsOf(placed);
    }
  }

  @Test
  void twoWithOtherAimsEndAndTheLogIsWhereOneOfThemWantsIt() {
    Map<Integer, List<Integer>> aims = Map.of(0, List.of(3, 0, 1), 1, List.of(4, 2, 0));
    int said = 0;
    int placed = 0;
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      ModelLog log = new ModelLog(random, 5, List.of(0, 1, 2));
      Map<Integer, Contest> contests = new HashMap<>();
      aims.forEach((who, aim) -> contests.put(who, new Contest(aim)));
      for (int turn = 0; turn < 500 && contests.size() > 1; turn++) {
        int who = random.nextInt(2);
        LogView seen = log.view();
        Step step = NextStep.of(seen, aims.get(who), true);
        if (step instanceof Step.Done || contests.get(who).isOn(seen)) {
          said += step instanceof Step.Done ? 0 : 1;
          contests.remove(who);
        } else {
          log.act(seen, step);
        }
        assertThat(log.isSafe()).as("seed %d, %s: %s", seed, step, log).isTrue();
        log.pass(true);
      }
      assertThat(contests).as("seed %d: %s", seed, log).hasSize(1);
      int other = contests.keySet().iterator().next();
      boolean ends = false;
      for (int turn = 0; turn < 200 && !ends; turn++) {
        LogView seen = log.view();
        Step step = NextStep.of(seen, aims.get(other), true);
        ends = step instanceof Step.Done || contests.get(other).isOn(seen);
        placed += step instanceof Step.Done ? 1 : 0;
        log.act(seen, step);
        log.pass(true);
      }
      assertThat(ends).as("seed %d: %s", seed, log).isTrue();
    }
    assertThat(said).as("said that another moves the log elsewhere").isPositive();
    assertThat(placed).as("the other one brought it where it wants it").isPositive();
  }
}
