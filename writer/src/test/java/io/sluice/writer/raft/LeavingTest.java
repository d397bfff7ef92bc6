package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.HostPort;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A replica goes only if the leader's committed members, and no newer ones, are without it. */
final class LeavingTest {

  private static final UUID LOG = LogNumber.newId(4, RandomGenerator.of("L64X128MixRandom"));

  private static RaftMember member(int writer, long disk) {
    return new RaftMember(
        "writer-" + writer,
        new UUID(writer, disk),
        new HostPort("h" + writer, 8816),
        new HostPort("h" + writer, 8815));
  }

  private static Membership of(boolean settled, long term, long position, int... writers) {
    return new Membership(
        IntStream.of(writers).mapToObj(writer -> member(writer, 1)).toList(),
        settled,
        term,
        position);
  }

  private static boolean goes(Membership own, boolean leads, Membership theirs) {
    Neighbour other =
        new Neighbour(
            member(1, 1), List.of(new Neighbour.Known(LOG, theirs.term(), leads, theirs, null)));
    return Leaving.proof(member(0, 1), LOG, own, List.of(other)).isPresent();
  }

  @Test
  void whoWasTakenOutGoes() {
    assertThat(goes(of(true, 3, 100, 0, 1, 2), true, of(true, 3, 101, 1, 2, 3))).isTrue();
  }

  @Test
  void whoKnowsOfItAlreadyGoes() {
    assertThat(goes(of(true, 3, 101, 1, 2, 3), true, of(true, 3, 101, 1, 2, 3))).isTrue();
  }

  @Test
  void whoWasNeverTakenInGoes() {
    assertThat(goes(Membership.NONE, true, of(true, 3, 101, 1, 2, 3))).isTrue();
  }

  @Test
  void aMemberStays() {
    assertThat(goes(of(true, 3, 100, 0, 1, 2), true, of(true, 3, 100, 0, 1, 2))).isFalse();
  }

  @Test
  void whatOthersSayThanTheLeaderIsNoProof() {
    assertThat(goes(of(true, 3, 100, 0, 1, 2), false, of(true, 3, 101, 1, 2, 3))).isFalse();
  }

  @Test
  void aChangeThatIsUnderWayIsNoProof() {
    assertThat(goes(of(true, 3, 100, 0, 1, 2), true, of(false, 3, 101, 1, 2, 3))).isFalse();
    assertThat(goes(of(true, 3, 100, 0, 1, 2), true, of(true, 3, 101))).isFalse();
  }

  /** The one that says so was deposed: others have taken this one in again. */
  @Test
  void whoWasTakenInAgainStays() {
    assertThat(goes(of(false, 4, 120, 0, 1, 2), true, of(true, 3, 101, 1, 2, 3))).isFalse();
    assertThat(goes(of(true, 0, 120, 0, 1, 2), true, of(true, 3, 101, 1, 2, 3)))
        .as("its entry is let go of, so it was committed")
        .isFalse();
  }

  /** Its entry was appended by a leader that was deposed before anybody else had it. */
  @Test
  void aConfigurationThatWasUndoneKeepsNobody() {
    assertThat(goes(of(false, 2, 120, 0, 1, 2), true, of(true, 3, 101, 1, 2, 3))).isTrue();
  }

  @Test
  void aNewDiskThatIsToTakeThePlaceOfTheOldOneStays() {
    Membership theirs =
        new Membership(List.of(member(0, 7), member(1, 1), member(2, 1)), true, 3, 101);
    assertThat(goes(Membership.NONE, true, theirs)).isFalse();
    assertThat(goes(of(true, 3, 100, 0, 1, 2), true, theirs))
        .as("the old disk, once its place is taken")
        .isTrue();
  }
}
