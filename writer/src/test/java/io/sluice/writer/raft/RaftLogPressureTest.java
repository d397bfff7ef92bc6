package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.wal.LogFullException;
import io.sluice.wal.LogRecord;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where there is too much of something, or a call comes late. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
final class RaftLogPressureTest {

  @TempDir private Path directory;

  /** Nothing else lets a log go: without it, it would be full for ever. */
  @Test
  void aFullLogTakesANoteAllTheSame() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory, 2 << 20)) {
      cluster.found();
      RaftLog log = cluster.log(cluster.leader());
      for (int bytes = 300_000; bytes > 0; bytes /= 4) {
        fill(cluster, "x".repeat(bytes));
      }
      assertThat(log.usage().roomBytes()).isLessThan(1000);
      Sent note = new Sent();
      log.append(LogRecord.note(ByteBuffer.allocate(1000), note));
      assertThat(note.position()).isPositive();
      assertThat(cluster.fatal).isEmpty();
    }
  }

  private static void fill(RaftCluster cluster, String text) throws Exception {
    while (true) {
      try {
        cluster.append(text);
      } catch (LogFullException e) {
        return;
      }
    }
  }

  /** Ratis says so on the thread that applies, the loss of the lead on another one. */
  @Test
  void whoIsToldLateThatItLedDoesNotLead() throws Exception {
    try (RaftCluster cluster = new RaftCluster(directory)) {
      cluster.found();
      int leader = cluster.leader();
      cluster.append("text");
      int other = (leader + 1) % 3;
      cluster.log(other).machine().notifyLeaderReady();
      assertThat(cluster.log(other).leadership().leads()).isFalse();
      assertThat(cluster.replica(other).roles()).isEmpty();
      assertThat(cluster.log(leader).leadership().leads()).isTrue();
    }
  }
}
