package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.LakeConfig;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The short form of {@code sluice torture}: each kind of fault, on real processes. The seed is in
 * what it prints.
 */
final class ShortTorture {

  private static final long SEED = 20_261_126;
  private static final Duration LENGTH = Duration.ofSeconds(120);
  private static final double RECORDS_PER_SECOND = 500;

  private ShortTorture() {}

  /** Nothing is wrong; which faults there were is the caller's to ask. */
  static Verdict run(Path directory, @Nullable LakeConfig lake) throws Exception {
    TortureOptions options =
        new TortureOptions(
            LENGTH,
            SEED,
            RECORDS_PER_SECOND,
            Files.createDirectory(directory.resolve("run")),
            lake);
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    Verdict verdict = new Torture(options, out).run();

    assertThat(verdict.findings()).isEmpty();
    assertThat(verdict.lost()).isZero();
    assertThat(verdict.duplicated()).isZero();
    assertThat(verdict.acked()).isPositive();
    assertThat(verdict.clean()).isTrue();
    assertThat(verdict.hot().compared()).isPositive();
    assertThat(verdict.wholeReads()).isPositive();
    return verdict;
  }

  /** Of those that one box can have. */
  static Set<FaultKind> allBut(FaultKind first, FaultKind... more) {
    Set<FaultKind> all = EnumSet.noneOf(FaultKind.class);
    Repertoire.ONE_BOX.kinds().values().forEach(all::addAll);
    all.removeAll(EnumSet.of(first, more));
    return all;
  }
}
