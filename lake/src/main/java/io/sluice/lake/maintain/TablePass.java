package io.sluice.lake.maintain;

import io.sluice.lake.LakeTable;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.MaintainedTable;
import io.sluice.lake.TableLostException;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;

/** What one run does to one table, and what came of it. One thread uses it. */
final class TablePass {

  private final String tenant;
  private final Table name;
  private final LakeTable table;
  private final MaintenanceSettings settings;
  private final MaintenanceCounters counters;
  private final Instant now;
  private final boolean apply;
  private final List<String> remarks = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private Optional<FileTally> before = Optional.empty();
  private FileTally after = FileTally.NONE;
  private FileTally expired = FileTally.NONE;
  private long snapshots;
  private Compaction.Result compaction = new Compaction.Result();
  private Orphans.Result orphans = Orphans.Result.NONE;

  TablePass(
      String tenant,
      LakeTable table,
      MaintenanceSettings settings,
      MaintenanceCounters counters,
      Instant now,
      boolean apply) {
    this.tenant = tenant;
    this.name = table.table();
    this.table = table;
    this.settings = settings;
    this.counters = counters;
    this.now = now;
    this.apply = apply;
  }

  /** Counts the table's files, as it begins and as it ends. */
  void count() throws LakeUnavailableException, TableLostException {
    FileTally tally = FileTally.NONE;
    try (CloseableIterable<FileScanTask> files = table.maintained().scan().planFiles()) {
      for (FileScanTask file : files) {
        tally = tally.plus(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot plan files of table " + table.id(), e);
    }
    before = Optional.of(before.orElse(tally));
    after = tally;
  }

  void retain() throws LakeUnavailableException, TableLostException {
    Optional<Duration> keep = settings.retention().of(tenant, name);
    if (keep.isPresent()) {
      Retention.Result result = Retention.run(table.maintained(), keep.get(), now, apply);
      expired = result.files();
      counters.expiredFiles.add(apply ? expired.files() : 0);
      if (result.mixed() > 0) {
        remarks.add(
            "%d files have rows from before %s and younger ones: they stay"
                .formatted(result.mixed(), result.firstKept()));
      }
    }
    expireSnapshots();
  }

  private void expireSnapshots() throws LakeUnavailableException, TableLostException {
    MaintainedTable loaded = table.maintained();
    List<Long> old = loaded.replacedBefore(now.minus(settings.snapshotsOlderThan()));
    if (loaded.isAhead()) {
      remarks.add("its last commit is later than this machine's clock: no snapshot expires");
      return;
    }
    if (apply && !old.isEmpty()) {
      loaded.expire(old);
    }
    snapshots = old.size();
  }

  void compact(Compaction task) throws LakeUnavailableException, TableLostException {
    compaction = task.run(apply);
    counters.compactedFiles.add(apply ? compaction.read.files() : 0);
    compaction.unreadable.forEach(this::failed);
    compaction.conflicts.forEach(
        why -> remarks.add("others changed the files meanwhile, they stay as they are: " + why));
  }

  void mergeManifests() throws LakeUnavailableException, TableLostException {
    int manifests = Manifests.merge(table.maintained(), apply);
    if (manifests > 0) {
      remarks.add("%d small manifests: %s".formatted(manifests, apply ? "merged" : "to be merged"));
    }
  }

  void deleteOrphans(Orphans task)
      throws LakeUnavailableException, TableLostException, RefusedException {
    orphans = task.run(table, now.minus(settings.orphansOlderThan()), apply);
    counters.orphans.add(apply ? orphans.files().files() + orphans.uploads() : 0);
    if (orphans.owed() > 0) {
      remarks.add(
          "%d files are not committed and may still be: their Writer's log does it, or deletes them"
              .formatted(orphans.owed()));
    }
  }

  void failed(String what) {
    counters.failures.increment();
    failures.add(what);
  }

  TableReport report() {
    return new TableReport(
        table.id(),
        before.orElse(FileTally.NONE),
        after,
        expired,
        snapshots,
        compaction.read,
        compaction.written,
        orphans.files(),
        orphans.uploads(),
        remarks,
        failures);
  }
}
