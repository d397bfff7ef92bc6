package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.torture.FaultKind.Track;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code sluice torture --writers 3 --replication-factor 3}: what differs most,
 * on real processes. Judged by counts only.
 */
@Timeout(value = 20, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class ClusterTortureTest {

  private static final long SEED = 20_261_126;
  private static final Duration LENGTH = Duration.ofSeconds(40);
  private static final double RECORDS_PER_SECOND = 300;
  private static final int WRITERS = 3;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void threeCopiesBearTheLossOfALeaderWithItsDiskAStoppedOneAndOneThatIsApart() throws Exception {
    Repertoire repertoire =
        new Repertoire(
            Map.of(
                Track.CLUSTER,
                List.of(
                    FaultKind.KILL_LEADER,
                    FaultKind.STOP_LEADER,
                    FaultKind.WIPE_DISK,
                    FaultKind.PART_LEADER),
                Track.STORAGE,
                List.of(FaultKind.CATALOG_FAILS)));
    TortureOptions options =
        new TortureOptions(
            LENGTH,
            SEED,
            RECORDS_PER_SECOND,
            WRITERS,
            WRITERS,
            Files.createDirectory(directory.resolve("run")),
            null);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    Verdict verdict = new Torture(options, repertoire, out).run();

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.lost()).isZero();
    assertThat(verdict.duplicated()).isZero();
    assertThat(verdict.acked()).isPositive();
    assertThat(verdict.wholeReads()).isPositive();
    assertThat(verdict.clean()).isTrue();
    Set<FaultKind> planned = new HashSet<>(repertoire.all());
    if (!Network.isPossible()) {
      planned.remove(FaultKind.PART_LEADER);
    }
    assertThat(verdict.done()).containsAll(planned);
  }
}
