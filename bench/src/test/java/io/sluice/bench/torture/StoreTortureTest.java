package io.sluice.bench.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.LakeConfig;
import io.sluice.lake.s3.S3Config;
import io.sluice.s3server.S3Server;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** {@link ShortTorture} with tables in S3 and a catalog in PostgreSQL. */
@Timeout(value = 30, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class StoreTortureTest {

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void whatWasAckedIsThereOnceAfterEveryKindOfFault() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        S3Server server = S3Server.start(store)) {
      S3Config s3 = S3Config.of(server.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
      Verdict verdict =
          ShortTorture.run(
              directory,
              LakeConfig.of(
                  postgres.getJdbcUrl("postgres", "postgres"),
                  "s3://%s/torture".formatted(S3Server.BUCKET),
                  s3));
      assertThat(verdict.done()).containsAll(ShortTorture.allBut(FaultKind.DISK_FULL));
    }
  }
}
