package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.wal.LogCursor;
import io.sluice.wal.LogFailedException;
import io.sluice.wal.LogRecord;
import io.sluice.wal.NotLeaderException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three replicas in one process, over real connections and files. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RaftLogTest {

  @TempDir private Path directory;

  private static List<String> texts(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(i -> "text " + i).toList();
  }

  private static void append(RaftCluster cluster, int from, int to) throws Exception {
    for (int i = from; i <= to; i++) {
      cluster.append("text " + i);
    }
  }

  private static List<String> read(RaftLog log, long from) throws Exception {
    List<String> texts = new ArrayList<>();
    try (LogCursor cursor = log.read(from)) {
      for (LogRecord record = cursor.next(); record != null; record = cursor.next()) {
        texts.add(StandardCharsets.UTF_8.decode(record.payload()).toString());
      }
    }
    return texts;
  }

  @Test
  void everyReplicaAppliesTheSameInTheSameOrder() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      int leader = cluster.leader();
      List<Sent> sent = new ArrayList<>();
      for (String text : texts(1, 200)) {
        sent.add(cluster.send(leader, text));
      }
      List<Long> positions = new ArrayList<>();
      for (Sent each : sent) {
        positions.add(each.position());
      }
      for (int i = 0; i < 3; i++) {
        Replica replica = cluster.replica(i);
        replica.await(() -> replica.texts().size() == 200);
        assertThat(replica.texts()).isEqualTo(texts(1, 200));
        assertThat(replica.positions()).isEqualTo(positions);
        assertThat(read(cluster.log(i), positions.get(99))).isEqualTo(texts(100, 200));
      }
      assertThat(cluster.log(leader).confirm().get()).isGreaterThanOrEqualTo(positions.get(199));
      assertThat(cluster.fatal).isEmpty();
    }
  }

  @Test
  void whoDoesNotLeadSaysWhoDoes() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      int leader = cluster.leader();
      append(cluster, 1, 1);
      int other = (leader + 1) % 3;
      Replica replica = cluster.replica(other);
      replica.await(() -> replica.texts().size() == 1);
      String address = cluster.members().get(leader).flight().toString();
      assertThatThrownBy(() -> cluster.send(other, "no"))
          .isInstanceOfSatisfying(
              LogFailedException.class,
              e ->
                  assertThat(e.getCause())
                      .isInstanceOfSatisfying(
                          NotLeaderException.class,
                          cause -> assertThat(cause.leader()).isEqualTo(address)));
      assertThatThrownBy(() -> cluster.log(other).confirm().get())
          .hasCauseInstanceOf(NotLeaderException.class);
      assertThat(cluster.log(other).leadership().leader()).isEqualTo(address);
    }
  }

  @Test
  void whatWasAckedIsThereAfterItsLeaderIsGone() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      append(cluster, 1, 50);
      cluster.stop(cluster.leader());
      append(cluster, 51, 60);
      Replica replica = cluster.replica(cluster.leader());
      assertThat(replica.texts()).isEqualTo(texts(1, 60));
      assertThat(replica.roles()).containsExactly("leads");
    }
  }

  @Test
  void allComeBackWithWhatWasAcked() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      append(cluster, 1, 30);
      for (int i = 0; i < 3; i++) {
        cluster.stop(i);
      }
      for (int i = 0; i < 3; i++) {
        cluster.restart(i);
      }
      append(cluster, 31, 40);
      for (int i = 0; i < 3; i++) {
        Replica replica = cluster.replica(i);
        replica.await(() -> replica.texts().size() == 40);
        assertThat(replica.texts()).isEqualTo(texts(1, 40));
      }
    }
  }

  @Test
  void aRecordLargerThanAnEntryIsWhole() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      String large = "0123456789abcdef".repeat((9 << 20) / 16);
      cluster.append("before");
      long at = cluster.append(large);
      cluster.append("after");
      for (int i = 0; i < 3; i++) {
        Replica replica = cluster.replica(i);
        replica.await(() -> replica.texts().size() == 3);
        assertThat(replica.texts().get(1)).isEqualTo(large);
        assertThat(replica.positions().get(1)).isEqualTo(at);
        assertThat(read(cluster.log(i), 1)).hasSize(3);
      }
    }
  }

  @Test
  void aReplicaThatIsTooFarBehindGetsTheSnapshotAndTheTail() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      append(cluster, 1, 10);
      int leader = cluster.leader();
      int away = (leader + 1) % 3;
      cluster.stop(away);
      String filling = "x".repeat(400_000);
      for (int i = 0; i < 10; i++) {
        cluster.append(filling);
      }
      long upTo = cluster.log(leader).appliedPosition();
      append(cluster, 11, 20);
      for (int i = 0; i < 3; i++) {
        if (i != away) {
          Replica replica = cluster.replica(i);
          replica.await(() -> replica.texts().size() == 30);
          cluster.log(i).release(upTo, out -> replica.write(upTo, out));
          assertThat(cluster.log(i).firstPosition()).isGreaterThan(10);
        }
      }
      cluster.restart(away);
      Replica late = cluster.replica(away);
      late.await(() -> late.texts().size() == 30);
      assertThat(late.texts()).isEqualTo(cluster.replica(leader).texts());
      assertThat(late.restoredTo()).isEqualTo(upTo);
      RaftLog sent = cluster.log(away);
      sent.release(upTo - 1, out -> late.write(upTo - 1, out)); // its log does not reach back there
      assertThat(sent.firstPosition()).isGreaterThan(upTo - 1);

      // and all of them begin behind their own snapshot
      for (int i = 0; i < 3; i++) {
        cluster.stop(i);
      }
      for (int i = 0; i < 3; i++) {
        cluster.restart(i);
        assertThat(cluster.replica(i).restoredTo()).isEqualTo(upTo);
      }
      append(cluster, 21, 22);
      for (int i = 0; i < 3; i++) {
        Replica replica = cluster.replica(i);
        replica.await(() -> replica.texts().size() == 32);
      }
    }
  }

  @Test
  void aWriterThatLostItsDiskTakesThePlaceOfWhatItWas() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      append(cluster, 1, 20);
      int lost = (cluster.leader() + 1) % 3;
      cluster.stop(lost);
      cluster.replaceDisk(lost);
      int leader = cluster.leader();
      RaftLog led = cluster.log(leader);
      cluster.node(leader).members(led, led.members(), cluster.members());
      append(cluster, 21, 30);
      Replica replica = cluster.replica(lost);
      replica.await(() -> replica.texts().size() == 30);
      assertThat(replica.texts()).isEqualTo(texts(1, 30));
      assertThat(cluster.log(leader).members())
          .containsExactlyInAnyOrderElementsOf(cluster.members());
      cluster.stop((lost + 1) % 3 == leader ? (lost + 2) % 3 : (lost + 1) % 3);
      append(cluster, 31, 32); // it counts for the majority
    }
  }

  /** It has forgotten what the disk before it acknowledged, and for whom that one voted. */
  @Test
  void aNewDiskCountsForNothingUntilItIsTakenIn() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      append(cluster, 1, 5);
      int leader = cluster.leader();
      int lost = (leader + 1) % 3;
      cluster.stop(lost);
      cluster.stop((leader + 2) % 3);
      cluster.replaceDisk(lost);
      Replica replica = cluster.replica(leader);
      assertThatThrownBy(() -> cluster.send(leader, "on one disk only").position())
          .satisfiesAnyOf(
              e -> assertThat(e).hasCauseInstanceOf(NotLeaderException.class),
              e -> assertThat(e).hasRootCauseInstanceOf(NotLeaderException.class));
      replica.await(() -> replica.roles().contains("follows"));
      assertThat(replica.texts()).isEqualTo(texts(1, 5));
      assertThat(cluster.replica(lost).texts()).isEmpty();
    }
  }

  @Test
  void aMemberThatWasTakenOutWhileItWasAwayLeadsNothingAndIsNoFault() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      append(cluster, 1, 5);
      int leader = cluster.leader();
      int away = (leader + 1) % 3;
      cluster.stop(away);
      RaftLog led = cluster.log(leader);
      List<RaftMember> three = led.members();
      RaftMember gone = cluster.members().get(away);
      List<RaftMember> two = three.stream().filter(member -> !member.equals(gone)).toList();
      cluster.node(leader).members(led, three, two);
      assertThat(led.membership().settled()).isTrue();
      assertThatThrownBy(() -> cluster.node(leader).members(led, three, two))
          .as("by who has not seen it")
          .isInstanceOf(IOException.class);
      cluster.restart(away);
      Replica replica = cluster.replica(away);
      replica.await(() -> cluster.log(away).isRemoved());
      append(cluster, 6, 7);
      assertThat(replica.roles()).isEmpty();
      assertThat(replica.texts()).doesNotContainAnyElementsOf(texts(6, 7));
      assertThat(cluster.fatal).isEmpty();

      // and is one again, with nothing of what it was
      cluster.log(away).close();
      cluster.node(away).leave(cluster.log(away));
      Replica anew = cluster.join(away);
      assertThat(cluster.node(away).left()).isEmpty();
      cluster.node(cluster.leader()).members(cluster.log(cluster.leader()), two, three);
      anew.await(() -> anew.texts().size() == 7);
    }
  }

  /** Seen where a snapshot came while entries before it were still being written. */
  @Test
  void aReplicaThatRatisEndedSaysSo() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      append(cluster, 1, 2);
      int other = (cluster.leader() + 1) % 3;
      RaftLog log = cluster.log(other);
      assertThat(log.hasEnded()).isFalse();
      log.division().close();
      assertThat(log.hasEnded()).isTrue();
      log.close();
      assertThat(log.hasEnded()).as("as it was asked to").isFalse();
    }
  }

  @Test
  void theLeadIsHandedOverWithoutLosingAnything() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      append(cluster, 1, 5);
      int leader = cluster.leader();
      int next = (leader + 1) % 3;
      cluster.node(leader).transfer(cluster.log(leader), cluster.members().get(next), 10_000);
      Replica replica = cluster.replica(next);
      replica.await(() -> replica.roles().contains("leads"));
      Replica old = cluster.replica(leader);
      old.await(() -> old.roles().equals(List.of("leads", "follows")));
      append(cluster, 6, 10);
      assertThat(cluster.replica(cluster.leader()).texts()).isEqualTo(texts(1, 10));
    }
  }

  @Test
  void aLogThatIsHereIsNotAddedAgain() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      RaftLog log = cluster.log(0);
      assertThatThrownBy(() -> cluster.node(0).add(log.id(), cluster.members()))
          .hasMessageContaining("is here already");
      append(cluster, 1, 1);
      assertThat(log.hasEnded()).isFalse();
    }
  }
}
