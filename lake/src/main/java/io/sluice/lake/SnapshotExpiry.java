package io.sluice.lake;

import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.TableMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes old snapshots of ours out of a table, once twice as many as are kept have gathered. Foreign
 * snapshots, and whatever a branch or tag names, stay.
 */
final class SnapshotExpiry {

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotExpiry.class);

  private final int kept;
  private final long minAgeMillis;
  private final Clock clock;
  private final LakeCounters counters;

  SnapshotExpiry(LakeConfig config, Clock clock, LakeCounters counters) {
    this.kept = config.snapshotsKept();
    this.minAgeMillis = config.snapshotMinAge().toMillis();
    this.clock = clock;
    this.counters = counters;
  }

  /** A failure is counted and left to the next call: the commit it follows is done. */
  void afterCommit(LoadedTable loaded) {
    if (loaded.metadata().snapshots().size() < 2 * kept) {
      return;
    }
    try {
      expire(loaded.iceberg());
    } catch (RuntimeException e) {
      counters.expiryFailures.increment();
      LOG.warn("cannot expire snapshots of table {}: tried again later", loaded.iceberg(), e);
    }
  }

  private void expire(BaseTable table) {
    table.refresh();
    if (AheadOperations.isAhead(table.operations().current(), clock)) {
      return; // Iceberg would refuse it: a later one takes what this one leaves
    }
    List<Long> old = old(table.operations().current());
    if (old.isEmpty()) {
      return;
    }
    // Time zero: only what is named here expires, not what Iceberg's own defaults would add.
    ExpireSnapshots expiry =
        table
            .expireSnapshots()
            .expireOlderThan(0)
            .planWith(OwnThread.EXECUTOR)
            .executeDeleteWith(OwnThread.EXECUTOR);
    old.forEach(expiry::expireSnapshotId);
    expiry.commit();
    counters.expiredSnapshots.add(old.size());
  }

  private List<Long> old(TableMetadata metadata) {
    Set<Long> named =
        metadata.refs().values().stream().map(SnapshotRef::snapshotId).collect(Collectors.toSet());
    long youngest = clock.millis() - minAgeMillis;
    List<Snapshot> ours =
        metadata.snapshots().stream()
            .filter(s -> s.summary().containsKey(SnapshotMarks.TOKEN))
            .toList();
    return ours.stream()
        .limit(Math.max(0, ours.size() - kept))
        .filter(s -> s.timestampMillis() < youngest)
        .map(Snapshot::snapshotId)
        .filter(id -> !named.contains(id))
        .toList();
  }
}
