package io.sluice.lake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.CommitOutcome.AlreadyCommitted;
import io.sluice.lake.CommitOutcome.Committed;
import io.sluice.lake.s3.FaultyBucket;
import io.sluice.s3server.FaultScript;
import io.sluice.s3server.RandomFaults;
import io.sluice.schema.table.Table;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.io.FileIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Commits to a real S3 server and PostgreSQL while requests to the store go wrong at random: no
 * snapshot ever refers to a file that is not there as it was written, and each row is there once.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class S3CommitFaultsTest {

  private static final UUID LOG = new UUID(1, 1);
  private static final int SEEDS = 3;
  private static final int COMMITS = 3;
  private static final double SHARE = 0.45;

  @TempDir Path directory;
  private final List<String> rows = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();
  private long mark;
  private int failed;

  @Test
  void snapshotsReferToWholeFilesOnlyAndRowsAreThereOnce() throws Exception {
    Path store = Files.createDirectory(directory.resolve("store"));
    try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start();
        FaultyBucket bucket = new FaultyBucket(store)) {
      LakeConfig config =
          new LakeConfig(
              postgres.getJdbcUrl("postgres", "postgres"),
              FaultyBucket.PREFIX + "tables",
              Map.of(),
              3,
              Duration.ZERO,
              FaultyBucket.config(bucket.server.endpoint()));
      try (Lake sound = Lake.open(config, Clock.systemUTC());
          Lake lake =
              Lake.open(
                  config,
                  Clock.systemUTC(),
                  bucket.files,
                  UnrepeatingConnections::new,
                  pause -> {})) {
        sound.ensureTables("default");
        for (int seed = 0; seed < SEEDS; seed++) {
          bucket.store.play(new RandomFaults(seed, SHARE));
          for (int commit = 0; commit < COMMITS; commit++) {
            persist(lake.table("default", Table.TRACES));
            assertWhole(sound, seed);
          }
        }
        bucket.store.play(FaultScript.NOTHING);
        assertThat(lake.counters().retries()).isGreaterThan(SEEDS);
      }
      assertThat(bucket.files.counters().retries()).isGreaterThan(SEEDS * COMMITS);
    }
    assertThat(failed).isPositive();
  }

  /** As a Writer does it: as often as it takes, with new files if the old ones may be none. */
  private void persist(LakeTable table) throws Exception {
    String row = "%05d".formatted(mark);
    LogRange range = new LogRange(LOG, mark, mark + 1);
    while (true) {
      try {
        CommitOutcome outcome = table.commit(range, List.of(TempLake.file(table, row)));
        assertThat(outcome).isInstanceOfAny(Committed.class, AlreadyCommitted.class);
        rows.add(row);
        mark++;
        return;
      } catch (IOException | RuntimeIOException e) {
        assertThat(e).hasMessageContaining("cannot ");
        failed++;
      }
    }
  }

  private void assertWhole(Lake sound, int seed) throws Exception {
    BaseTable table =
        (BaseTable)
            sound.catalog().loadTable(TableIdentifier.of("default", Table.TRACES.tableName()));
    TableMetadata metadata = table.operations().current();
    FileIO io = table.io();
    Set<String> now = new HashSet<>();
    for (Snapshot snapshot : metadata.snapshots()) {
      requireFile(io, snapshot.manifestListLocation(), -1, now);
      for (ManifestFile manifest : snapshot.allManifests(io)) {
        requireFile(io, manifest.path(), manifest.length(), now);
        try (ManifestReader<DataFile> files =
            ManifestFiles.read(manifest, io, metadata.specsById())) {
          for (DataFile file : files) {
            requireFile(io, file.location(), file.fileSizeInBytes(), now);
          }
        }
      }
    }
    metadata.previousFiles().forEach(file -> requireFile(io, file.file(), -1, now));
    assertThat(TempLake.traceIds(sound)).as("seed %s", seed).isEqualTo(rows);
    assertThat(sound.table("default", Table.TRACES).marks()).isEqualTo(Map.of(LOG, mark));
  }

  /** Data files never change, so each is looked at once. */
  private void requireFile(FileIO io, String location, long size, Set<String> now) {
    if (now.add(location) && (!location.endsWith(".parquet") || seen.add(location))) {
      long there = io.newInputFile(location).getLength();
      assertThat(there).as(location).isPositive();
      if (size >= 0) {
        assertThat(there).as(location).isEqualTo(size);
      }
    }
  }
}
