package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.server.impl.ForgottenMembers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * With a snapshot come members. Ratis takes the old ones away first: then a replica that found its
 * group on its disk knew none, for as long as a second, and ended itself if it was to stand for
 * election just then.
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RaftMembersTest {

  @TempDir private Path directory;

  @Test
  void whoStartsAgainKnowsTheMembersThatItHadWhateverItForgets() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      int leader = cluster.leader();
      cluster.append("text");
      int other = (leader + 1) % 3;
      Replica before = cluster.replica(other);
      before.await(() -> before.texts().size() == 1);
      cluster.stop(other);
      cluster.restart(other);
      RaftLog log = cluster.log(other);
      ForgottenMembers.of(log.division());
      assertThat(log.members()).containsExactlyInAnyOrderElementsOf(cluster.members());
    }
  }

  @Test
  void whoHasHadNoneHasNone() throws Exception {
    assertThat(StoredMembers.in(directory)).isEmpty();
  }
}
