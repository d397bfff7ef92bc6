package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.wal.DurableLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Three replicas, over real connections and files; seen at their leader. */
final class RaftForm implements LogForm {

  /** No election is wanted, and this machine may be busy. */
  private static final Duration ELECTION_TIMEOUT = Duration.ofSeconds(1);

  private final RaftCluster cluster;

  RaftForm(Path directory, long maxBytes) throws IOException {
    cluster = new RaftCluster(directory, maxBytes, ELECTION_TIMEOUT, null);
    cluster.found();
  }

  @Override
  public boolean isReplicated() {
    return true;
  }

  @Override
  public DurableLog log() throws InterruptedException {
    return cluster.log(cluster.leader());
  }

  @Override
  public Replica replica() throws InterruptedException {
    return cluster.replica(cluster.leader());
  }

  @Override
  public void reopen() throws IOException {
    for (int i = 0; i < 3; i++) {
      cluster.stop(i);
    }
    for (int i = 0; i < 3; i++) {
      cluster.restart(i);
    }
  }

  @Override
  public void release(long upTo) throws Exception {
    for (int i = 0; i < 3; i++) {
      Replica replica = cluster.replica(i);
      RaftLog log = cluster.log(i);
      replica.await(() -> log.appliedPosition() >= upTo); // a little after the replica has it
      log.release(upTo, out -> replica.write(upTo, out));
    }
  }

  @Override
  public void close() throws IOException {
    cluster.close();
    assertThat(cluster.fatal).isEmpty();
  }
}
