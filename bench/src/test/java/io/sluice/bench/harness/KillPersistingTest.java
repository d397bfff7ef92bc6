package io.sluice.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.bench.load.LoadOptions;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.lake.maintain.Maintenance;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.lake.maintain.MaintenanceSettings;
import io.sluice.lake.maintain.MaintenanceTask;
import io.sluice.lake.maintain.Pace;
import io.sluice.lake.maintain.TableReport;
import io.sluice.lake.s3.S3Config;
import io.sluice.lake.s3.S3Files;
import io.sluice.s3server.S3Server;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A short form of {@link KillRounds} on S3 and PostgreSQL, and what maintenance leaves of it. */
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class KillPersistingTest {

  private static final int ROUNDS = 4;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void whatIsKilledInUploadsAndCommitsIsThereOnceAndLeavesNothingBehind() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    SplittableRandom random = new SplittableRandom(4); // has each of the moments
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        S3Server server = S3Server.start(store)) {
      LakeConfig lake =
          LakeConfig.of(
              postgres.getJdbcUrl("postgres", "postgres"),
              "s3://%s/killed".formatted(S3Server.BUCKET),
              S3Config.of(server.endpoint(), S3Server.ACCESS_KEY, S3Server.SECRET_KEY));
      try (KillPersisting scenario = KillPersisting.of(lake);
          SluiceBox box =
              new SluiceBox(directory, scenario.flags(), SluiceBox.Wiring.SHIPPED.on(lake))) {
        box.start();
        for (int round = 1; round <= ROUNDS; round++) {
          Round.Outcome outcome =
              new Round(box, scenario).run(load(box, round, random), random.split());
          assertThat(outcome.faults()).as(outcome.told()).isEmpty();
          assertThat(outcome.audit().acked()).isPositive().isEqualTo(outcome.load().acked());
        }
        box.stop();
      }
      requireNothingLeft(lake);
    }
  }

  private static LoadOptions load(SluiceBox box, int number, SplittableRandom random) {
    return new LoadOptions(
        EnumSet.allOf(Signal.class),
        2_000,
        Duration.ofSeconds(1),
        Long.MAX_VALUE,
        3,
        false,
        box.grpc(),
        random.nextLong(),
        number,
        50,
        box.directory().resolve("acks-" + number),
        false,
        Duration.ofMinutes(1),
        Duration.ofMinutes(5));
  }

  private static void requireNothingLeft(LakeConfig config) throws Exception {
    Settings settings =
        Settings.of(List.of("--maintain.orphans-older-than=0s"), Map.of(), Path.of("."));
    try (Lake lake = Lake.open(config, Clock.systemUTC())) {
      Maintenance maintenance =
          new Maintenance(
              lake,
              MaintenanceSettings.from(settings),
              Clock.systemUTC(),
              UUID::randomUUID,
              Pace.FULL,
              new MaintenanceCounters());
      settings.check();
      for (Table table : Table.all()) {
        TableReport report =
            maintenance.run("default", table, Set.of(MaintenanceTask.ORPHANS), true);
        assertThat(report.failures()).isEmpty();
        BaseTable iceberg =
            (BaseTable) lake.catalog().loadTable(TableIdentifier.of("default", table.tableName()));
        Set<String> there = new TreeSet<>();
        S3Files files = (S3Files) lake.io();
        files.listPrefix(iceberg.location() + "/").forEach(file -> there.add(file.location()));
        assertThat(there).isEqualTo(referenced(iceberg));
        assertThat(files.uploads(iceberg.location() + "/")).isEmpty();
      }
    }
  }

  /** By Iceberg's own readers of manifests. */
  private static Set<String> referenced(BaseTable table) throws IOException {
    Set<String> files = new TreeSet<>();
    TableMetadata metadata = table.operations().current();
    files.add(metadata.metadataFileLocation());
    metadata.previousFiles().forEach(file -> files.add(file.file()));
    for (Snapshot snapshot : metadata.snapshots()) {
      files.add(snapshot.manifestListLocation());
      for (ManifestFile manifest : snapshot.allManifests(table.io())) {
        files.add(manifest.path());
        try (var entries = ManifestFiles.read(manifest, table.io(), metadata.specsById())) {
          entries.forEach(entry -> files.add(entry.location()));
        }
      }
    }
    return files;
  }
}
