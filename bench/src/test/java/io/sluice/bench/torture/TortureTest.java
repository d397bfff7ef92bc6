package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.s3.S3Config;
import io.sluice.s3server.S3Server;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
    Verdict verdict = verdict(null);
    assertThat(verdict.done())
        .containsAll(allBut(FaultKind.DISK_FULL /* needs root */, FaultKind.STORE_RESET));
  }

  @Test
  void soItIsWithTablesInS3AndACatalogInPostgreSql() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        S3Server server = S3Server.start(store)) {
      S3Config s3 =
          new S3Config(
              server.endpoint(),
              null,
              true,
              S3Server.ACCESS_KEY,
              S3Server.SECRET_KEY,
              null,
              Map.of());
      Verdict verdict =
          verdict(
              LakeConfig.of(
                  postgres.getJdbcUrl("postgres", "postgres"),
                  "s3://%s/torture".formatted(S3Server.BUCKET),
                  s3));
      assertThat(verdict.done()).containsAll(allBut(FaultKind.DISK_FULL));
    }
  }

  private Verdict verdict(@Nullable LakeConfig lake) throws Exception {
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

  private static Set<FaultKind> allBut(FaultKind first, FaultKind... more) {
    return EnumSet.complementOf(EnumSet.of(first, more));
  }
}
