package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.maintain.Maintenance;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.lake.maintain.MaintenanceTask;
import io.sluice.lake.maintain.Pace;
import io.sluice.lake.maintain.TableReport;
import io.sluice.lake.s3.S3Config;
import io.sluice.lake.s3.S3Files;
import io.sluice.s3server.S3Server;
import io.sluice.schema.table.Table;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.SupportsPrefixOperations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that maintenance does, on every kind of catalog, and on S3. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MaintenanceTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final LocalDate TODAY = LocalDate.now(ZoneOffset.UTC);
  private static final int LARGER_THAN_A_PART = 20 << 20;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void oldDaysSmallFilesAndOrphansAreSeenTo(CatalogKind kind) throws Exception {
    try (Lake lake = TempLake.open(kind.config(directory))) {
      maintain(lake);
    }
  }

  @Test
  void oldDaysSmallFilesOrphansAndUnfinishedUploadsAreSeenToOnS3() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        S3Server server = S3Server.start(store)) {
      S3Config s3 = S3Config.of(server.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY);
      LakeConfig config =
          new LakeConfig(
              postgres.getJdbcUrl("postgres", "postgres"),
              "s3://" + S3Server.BUCKET + "/wh",
              Map.of(),
              20,
              Duration.ZERO,
              s3);
      try (Lake lake = Lake.open(config, Clock.systemUTC())) {
        maintain(lake);
      }
    }
  }

  private static void maintain(Lake lake) throws Exception {
    lake.ensureTables("default");
    LakeTable traces = lake.table("default", Table.TRACES);
    List<DataFile> files = new ArrayList<>();
    files.add(TempLake.on(TODAY.minusDays(40), traces, "old.parquet", "old"));
    for (int i = 0; i < 5; i++) {
      files.add(TempLake.on(TODAY.minusDays(3), traces, "small" + i + ".parquet", "a" + i));
    }
    for (int i = 0; i < files.size(); i++) {
      assertThat(traces.commit(new LogRange(LOG, i, i + 1), List.of(files.get(i))))
          .isInstanceOf(CommitOutcome.Committed.class);
    }
    String place = traces.location().orElseThrow();
    lake.io().newOutputFile(place + "/data/stray").create().close();
    if (lake.io() instanceof S3Files) {
      OutputStream left = lake.io().newOutputFile(place + "/data/unfinished").create();
      left.write(new byte[LARGER_THAN_A_PART]);
    }

    TableReport said = run(lake, false);
    assertThat(said.failures()).isEmpty();
    assertThat(said.uploads()).isEqualTo(lake.io() instanceof S3Files ? 1 : 0);
    TableReport done = run(lake, true);
    assertThat(done.failures()).isEmpty();
    assertThat(done.expired().files()).isEqualTo(1);
    assertThat(done.compacted().files()).isEqualTo(5);
    assertThat(done.after().files()).isEqualTo(1);
    assertThat(done.orphans().files()).isEqualTo(1);
    if (lake.io() instanceof S3Files s3) {
      assertThat(s3.uploads(place + "/")).isEmpty();
    }
    assertThat(TempLake.traceIds(lake)).containsExactly("a0", "a1", "a2", "a3", "a4");

    assertThat(run(lake, true).snapshots()).isPositive();
    assertThat(dataFiles(lake, place)).singleElement().asString().contains("/compacted-");
    assertThat(TempLake.traceIds(lake)).hasSize(5);
    assertThat(traces.marks()).containsEntry(LOG, 6L);
  }

  private static List<String> dataFiles(Lake lake, String place) {
    List<String> found = new ArrayList<>();
    for (FileInfo file : ((SupportsPrefixOperations) lake.io()).listPrefix(place + "/data/")) {
      found.add(file.location());
    }
    return found;
  }

  private static TableReport run(Lake lake, boolean apply) {
    Clock later = Clock.offset(Clock.systemUTC(), Duration.ofHours(2));
    return new Maintenance(
            lake,
            Maintain.settings("default=30d", Duration.ZERO),
            later,
            UUID::randomUUID,
            Pace.FULL,
            new MaintenanceCounters())
        .run("default", Table.TRACES, EnumSet.allOf(MaintenanceTask.class), apply);
  }
}
