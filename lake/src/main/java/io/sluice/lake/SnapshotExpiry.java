package io.sluice.lake;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    if (!old.isEmpty()) {
      expire(table, old);
    }
  }

  /** With the files that no other snapshot refers to. */
  void expire(BaseTable table, List<Long> snapshots) {
    // Time zero: only what is named here expires, not what Iceberg's own defaults would add.
    ExpireSnapshots expiry =
        table
            .expireSnapshots()
            .expireOlderThan(0)
            .planWith(OwnThread.EXECUTOR)
            .executeDeleteWith(OwnThread.EXECUTOR);
    snapshots.forEach(expiry::expireSnapshotId);
    expiry.commit();
    counters.expiredSnapshots.add(snapshots.size());
  }

  /**
   * All of ours that were followed by another one before {@code time}, and are not too young,
   * however few are left: whoever reads the newest one begins when it may have been replaced.
   */
  List<Long> replacedBefore(TableMetadata metadata, Instant time) {
    Map<Long, Long> replaced = new HashMap<>();
    for (Snapshot snapshot : metadata.snapshots()) {
      if (snapshot.parentId() != null) {
        replaced.merge(snapshot.parentId(), snapshot.timestampMillis(), Math::min);
      }
    }
    long before = Math.min(time.toEpochMilli(), clock.millis() - minAgeMillis);
    return unnamed(
        metadata,
        ours(metadata).stream()
            .filter(s -> replaced.getOrDefault(s.snapshotId(), s.timestampMillis()) < before));
  }

  private List<Long> old(TableMetadata metadata) {
    List<Snapshot> ours = ours(metadata);
    return unnamed(metadata, ours.stream().limit(Math.max(0, ours.size() - kept)));
  }

  private List<Long> unnamed(TableMetadata metadata, Stream<Snapshot> of) {
    Set<Long> named =
        metadata.refs().values().stream().map(SnapshotRef::snapshotId).collect(Collectors.toSet());
    long youngest = clock.millis() - minAgeMillis;
    return of.filter(s -> s.timestampMillis() < youngest)
        .map(Snapshot::snapshotId)
        .filter(id -> !named.contains(id))
        .toList();
  }

  private static List<Snapshot> ours(TableMetadata metadata) {
    return metadata.snapshots().stream()
        .filter(
            s ->
                s.summary().containsKey(SnapshotMarks.TOKEN)
                    || s.summary().containsKey(SnapshotMarks.MAINTAIN))
        .toList();
  }
}
