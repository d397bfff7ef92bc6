package io.sluice.writer;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.schema.service.Placement;
import io.sluice.schema.wire.BatchId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A Writer that was restarted leads again what is placed on it, and nothing is lost by that. */
@Timeout(180)
class ReturnedLeadsTest {

  @Test
  void theLeadGoesBackToTheWriterThatItIsPlacedOn(@TempDir Path directory) throws Exception {
    int placed = Placement.of(1, 3, List.of(), 3).leader(0);
    try (ThreeWriters cluster = new ThreeWriters(directory, "--raft.return-leads-after=1s")) {
      cluster.startAll();
      int stored = store(cluster, 0);
      cluster.stop(placed);
      stored = store(cluster, stored);
      cluster.start(placed);
      while (cluster.leader() != placed) {
        stored = store(cluster, stored);
      }
      stored = store(cluster, stored);
      assertThat(cluster.rows()).isEqualTo(10L * stored);
      cluster.action(cluster.leader(), "flush");
      assertThat(cluster.rows()).isEqualTo(10L * stored);
      assertThat(cluster.died()).isEmpty();
    }
  }

  private static int store(ThreeWriters cluster, int stored) throws Exception {
    for (int i = 1; i <= 3; i++) {
      assertThat(cluster.store(new BatchId(stored + i, 7), 10)).as("repeat").isFalse();
    }
    return stored + 3;
  }
}
