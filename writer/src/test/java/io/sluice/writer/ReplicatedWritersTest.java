package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.PutAnswer;
import io.sluice.schema.wire.ReadTicket;
import java.nio.file.Path;
import java.util.Map;
import org.apache.arrow.flight.FlightRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three Writers with one log: what was stored is there once, whichever of them is gone. */
@Timeout(180)
class ReplicatedWritersTest {

  @TempDir Path directory;

  private ThreeWriters cluster;

  @BeforeEach
  void found() throws Exception {
    cluster = new ThreeWriters(directory);
    cluster.startAll();
    cluster.leader();
  }

  @AfterEach
  void close() throws Exception {
    cluster.close();
    assertThat(cluster.died()).isEmpty();
  }

  private static BatchId id(int number) {
    return new BatchId(number, 7);
  }

  private void store(int from, int to) throws Exception {
    for (int i = from; i <= to; i++) {
      cluster.storeNew(id(i), 10);
    }
  }

  @Test
  void whatWasStoredIsThereOnceAfterItsLeaderIsGone() throws Exception {
    store(1, 5);
    int gone = cluster.leader();
    cluster.action(gone, "flush");
    store(6, 10);
    cluster.abandon(gone);
    for (int i = 1; i <= 10; i++) {
      assertThat(cluster.store(id(i), 10)).as("what was stored is known to the others").isTrue();
    }
    store(11, 15);
    assertThat(cluster.rows()).isEqualTo(150);
    cluster.action(cluster.leader(), "flush");
    assertThat(cluster.rows()).isEqualTo(150);
    cluster.start(gone);
    cluster.awaitCaughtUp(gone);
    store(16, 17);
    cluster.action(cluster.leader(), "flush");
    assertThat(cluster.rows()).isEqualTo(170);
  }

  @Test
  void aWriterThatLostItsDiskHasEverythingAgain() throws Exception {
    store(1, 5);
    int leader = cluster.leader();
    cluster.action(leader, "flush");
    store(6, 8);
    int lost = (leader + 1) % 3;
    String disk = cluster.disk(lost);
    cluster.abandon(lost);
    cluster.wipe(lost);
    store(9, 10);
    cluster.start(lost);
    cluster.awaitCaughtUp(lost);
    assertThat(cluster.disk(lost)).isNotEqualTo(disk);
    cluster.abandon(leader); // now it counts
    for (int i = 1; i <= 10; i++) {
      assertThat(cluster.store(id(i), 10)).as("repeat").isTrue();
    }
    assertThat(cluster.rows()).isEqualTo(100);
  }

  /** Whoever deploys asks for it before the next one is stopped. */
  @Test
  void eachSaysWhenTheNextMayBeStopped() throws Exception {
    store(1, 5);
    for (int i = 0; i < 3; i++) {
      cluster.awaitReplicas(i, "200 ready");
    }
    int leader = cluster.leader();
    int empty = (leader + 1) % 3;
    cluster.abandon(empty);
    cluster.wipe(empty);
    cluster.start(empty);
    assertThat(cluster.replicas(empty)).startsWith("503 ");
    cluster.awaitReplicas(empty, "200 ready");
    cluster.awaitCaughtUp(empty);
    cluster.abandon(leader);
    cluster.awaitReplicas(empty, "200 ready"); // one of the two leads
    cluster.abandon((leader + 2) % 3);
    cluster.awaitReplicas(empty, "503 log 0: no leader is known");
  }

  @Test
  void allOfThemGoneAtOnceLoseNothing() throws Exception {
    store(1, 5);
    cluster.action(cluster.leader(), "flush");
    store(6, 8);
    for (int i = 0; i < 3; i++) {
      cluster.abandon(i);
    }
    cluster.startAll();
    for (int i = 1; i <= 8; i++) {
      assertThat(cluster.store(id(i), 10)).as("repeat").isTrue();
    }
    assertThat(cluster.rows()).isEqualTo(80);
    cluster.action(cluster.leader(), "flush");
    assertThat(cluster.rows()).isEqualTo(80);
  }

  @Test
  void oneAfterTheOtherIsStartedAnew() throws Exception {
    for (int i = 0; i < 3; i++) {
      store(3 * i + 1, 3 * i + 3);
      cluster.stop(i);
      assertThat(cluster.rows()).isEqualTo(30 * (i + 1));
      cluster.start(i);
      cluster.awaitCaughtUp(i);
    }
    cluster.action(cluster.leader(), "flush");
    assertThat(cluster.rows()).isEqualTo(90);
  }

  @Test
  void whoDoesNotLeadSendsPutsAndReadsToWhoDoes() throws Exception {
    store(1, 1);
    int leader = cluster.leader();
    int other = (leader + 1) % 3;
    cluster.awaitCaughtUp(other);
    PutAnswer answer = cluster.put(other, id(2), 10);
    assertThat(answer.status()).isEqualTo(PutAnswer.Status.NOT_LEADER);
    assertThat(answer.text()).isEqualTo(cluster.address(leader));
    assertThatThrownBy(() -> cluster.hot(other, ReadTicket.of(Table.TRACES)))
        .isInstanceOf(FlightRuntimeException.class)
        .hasMessageContaining("led by " + cluster.address(leader));
    ReadTicket partial =
        new ReadTicket("default", Table.TRACES, Map.of(), null, null, null, false, null, true);
    assertThat(cluster.hot(other, partial)).isEqualTo(10);
  }
}
