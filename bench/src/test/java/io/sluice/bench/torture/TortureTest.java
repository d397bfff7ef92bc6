package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The short form of {@code sluice torture}: each kind of fault, on real processes. The seed is in
 * what it prints.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class TortureTest {

  private static final long SEED = 20_261_126;
  private static final Duration LENGTH = Duration.ofSeconds(120);
  private static final double RECORDS_PER_SECOND = 500;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void whatWasAckedIsThereOnceAfterEveryKindOfFault() throws Exception {
    TortureOptions options = new TortureOptions(LENGTH, SEED, RECORDS_PER_SECOND, directory);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    Verdict verdict = new Torture(options, out).run();

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.lost()).isZero();
    assertThat(verdict.duplicated()).isZero();
    assertThat(verdict.acked()).isPositive();
    assertThat(verdict.clean()).isTrue();
    assertThat(verdict.hot().compared()).isPositive();
    assertThat(verdict.wholeReads()).isPositive();
    assertThat(verdict.done()).containsAll(withoutRoot());
  }

  private static Set<FaultKind> withoutRoot() {
    return EnumSet.complementOf(EnumSet.of(FaultKind.DISK_FULL));
  }
}
