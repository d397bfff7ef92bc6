package io.sluice.bench.torture;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/**
 * What other engines do to a table, by Iceberg's own library. One that fails, because the store or
 * the catalog is away, is counted and forgotten: as engines do, it leaves the table as it was.
 */
final class ForeignCommits implements AutoCloseable {

  private static final Duration KEPT = Duration.ofSeconds(30);
  private static final int SNAPSHOTS_KEPT = 5;
  private static final long LARGEST = 8 << 20;

  private final AuditTarget target;
  private final FaultLog log;
  private @Nullable Lake lake;
  private int done;
  private int failed;

  /** One thread uses it. */
  ForeignCommits(AuditTarget target, FaultLog log) {
    this.target = target;
    this.log = log;
  }

  /** A commit to a table that is there. */
  private interface Commit {
    void to(org.apache.iceberg.Table table) throws IOException;
  }

  void property(int draw) {
    each(table -> table.updateProperties().set("torture.seen", Integer.toString(draw)).commit());
  }

  void append() {
    each(table -> table.newAppend().commit());
  }

  void expire() {
    each(
        table ->
            table
                .expireSnapshots()
                .retainLast(SNAPSHOTS_KEPT)
                .expireOlderThan(System.currentTimeMillis() - KEPT.toMillis())
                .commit());
  }

  /** As a compaction does: files go, others with the same rows come, in one commit. */
  void rewrite() {
    each(
        table -> {
          Snapshot read = table.currentSnapshot();
          DataFile old = read == null ? null : smallFile(table);
          if (read != null && old != null) {
            DataFile copy = copy(table, old);
            table
                .newRewrite()
                .validateFromSnapshot(read.snapshotId())
                .deleteFile(old)
                .addFile(copy)
                .commit();
          }
        });
  }

  private static @Nullable DataFile smallFile(org.apache.iceberg.Table table) throws IOException {
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.file().fileSizeInBytes() < LARGEST) {
          return task.file();
        }
      }
    }
    return null;
  }

  private static DataFile copy(org.apache.iceberg.Table table, DataFile old) throws IOException {
    String name = old.location();
    String path =
        name.substring(0, name.lastIndexOf('/') + 1)
            + "rewritten-"
            + UUID.randomUUID()
            + ".parquet";
    try (InputStream in = table.io().newInputFile(name).newStream();
        OutputStream out = table.io().newOutputFile(path).create()) {
      in.transferTo(out);
    }
    return DataFiles.builder(table.spec()).copy(old).withPath(path).build();
  }

  private void each(Commit commit) {
    for (Table table : Table.all()) {
      try {
        commit.to(
            open().catalog().loadTable(TableIdentifier.of(target.tenant(), table.tableName())));
        done++;
      } catch (IOException | RuntimeException e) {
        failed++; // as when the catalog is locked: another engine would give up, too
        log.say("a foreign commit to %s failed: %s".formatted(table, e));
      }
    }
  }

  private Lake open() throws LakeUnavailableException {
    Lake opened = lake;
    if (opened == null) {
      opened = Lake.open(target.lake(), Clock.systemUTC());
      lake = opened;
    }
    return opened;
  }

  @Override
  public String toString() {
    return "foreign commits: %d done, %d failed".formatted(done, failed);
  }

  @Override
  public void close() {
    if (lake != null) {
      lake.close();
    }
  }
}
