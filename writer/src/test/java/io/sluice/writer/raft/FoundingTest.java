package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.HostPort;
import io.sluice.writer.raft.Founding.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class FoundingTest {

  private static final List<Integer> PLACED = List.of(1, 0, 2);
  private static final UUID LOG = LogNumber.newId(4, RandomGenerator.of("L64X128MixRandom"));

  private static RaftMember member(int writer, long disk) {
    return new RaftMember(
        "writer-" + writer,
        new UUID(writer, disk),
        new HostPort("h" + writer, 8816),
        new HostPort("h" + writer, 8815));
  }

  private static Neighbour empty(int writer, long disk) {
    return new Neighbour(member(writer, disk), List.of());
  }

  private static Neighbour knows(int writer, long disk, long term, List<RaftMember> members) {
    return new Neighbour(
        member(writer, disk),
        List.of(
            new Neighbour.Known(LOG, term, false, new Membership(members, true, term, 5), null)));
  }

  private static Step decide(int self, Map<Integer, Neighbour> others) {
    return decide(self, Set.of(), others);
  }

  private static Step decide(int self, Set<UUID> left, Map<Integer, Neighbour> others) {
    return Founding.decide(4, self, member(self, 1), 4, PLACED, left, others);
  }

  private static Map<Integer, Neighbour> empties(int but) {
    Map<Integer, Neighbour> all = new HashMap<>();
    for (int i = 0; i < 4; i++) {
      if (i != but) {
        all.put(i, empty(i, 1));
      }
    }
    return all;
  }

  @Test
  void theFirstFoundsWhenAllAnswerAndNobodyKnowsTheLog() {
    assertThat(decide(1, empties(1)))
        .isEqualTo(new Step.Found(List.of(member(1, 1), member(0, 1), member(2, 1))));
    assertThat(decide(0, empties(0))).isInstanceOf(Step.Await.class);
    assertThat(decide(3, empties(3))).isInstanceOf(Step.Leave.class);
  }

  @Test
  void aWriterThatDoesNotAnswerMayKnowTheLog() {
    for (int silent : List.of(0, 2, 3)) {
      Map<Integer, Neighbour> others = empties(1);
      others.remove(silent);
      assertThat(decide(1, others))
          .isInstanceOfSatisfying(
              Step.Await.class, step -> assertThat(step.why()).contains("[" + silent + "]"));
    }
  }

  @Test
  void whoeverWasEmptyAtTheFoundingBeginsAsAMember() {
    List<RaftMember> members = List.of(member(1, 1), member(0, 1), member(2, 1));
    Map<Integer, Neighbour> others = Map.of(1, knows(1, 1, 1, members));
    assertThat(decide(0, others)).isEqualTo(new Step.Begin(LOG, members));
  }

  @Test
  void anEmptyDiskNeverComesBackAsTheMemberThatItWas() {
    List<RaftMember> members = List.of(member(1, 7), member(0, 1), member(2, 1));
    Map<Integer, Neighbour> others = empties(1);
    others.put(2, knows(2, 1, 3, members));
    assertThat(decide(1, others)).isEqualTo(new Step.Join(LOG, member(1, 7)));
  }

  @Test
  void aWriterThatHasLeftNeverBeginsAsTheMemberThatItWas() {
    List<RaftMember> members = List.of(member(1, 1), member(0, 1), member(2, 1));
    Map<Integer, Neighbour> others = Map.of(1, knows(1, 1, 1, members)); // it has slept since
    assertThat(decide(0, Set.of(LOG), others)).isInstanceOf(Step.Leave.class);
  }

  @Test
  void aWriterThatComesToAFoundedClusterFoundsNothing() {
    List<RaftMember> members = List.of(member(3, 1), member(0, 1), member(2, 1));
    Map<Integer, Neighbour> others = empties(1); // it is placed first by the new number of Writers
    others.put(2, knows(2, 1, 3, members));
    assertThat(decide(1, others)).isInstanceOf(Step.Leave.class);
  }

  @Test
  void theNewestMembersCount() {
    List<RaftMember> before = List.of(member(1, 1), member(0, 7), member(2, 1));
    List<RaftMember> now = List.of(member(1, 1), member(3, 1), member(2, 1));
    Map<Integer, Neighbour> others = empties(0);
    others.put(1, knows(1, 1, 3, before));
    others.put(2, knows(2, 1, 5, now));
    assertThat(decide(0, others)).isInstanceOf(Step.Leave.class);
  }

  @Test
  void anIdTellsItsNumber() {
    for (int number : List.of(0, 1, 255, 65_535)) {
      UUID id = LogNumber.newId(number, RandomGenerator.of("L64X128MixRandom"));
      assertThat(LogNumber.of(id)).isEqualTo(number);
      assertThat(id.version()).isEqualTo(4);
      assertThat(id.variant()).isEqualTo(2);
    }
  }
}
