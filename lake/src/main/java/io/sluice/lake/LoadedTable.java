package io.sluice.lake;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;

/**
 * A table as one load of its metadata showed it; all it answers is one consistent whole. One thread
 * uses it.
 */
final class LoadedTable {

  private final BaseTable iceberg;
  private final TableMetadata metadata;
  private final Map<UUID, Long> marks;
  private final List<Snapshot> ancestors;

  LoadedTable(BaseTable iceberg) throws TableLostException {
    this.iceberg = iceberg;
    this.metadata = iceberg.operations().current();
    this.marks = Marks.of(metadata.properties());
    this.ancestors = ancestors(metadata);
  }

  BaseTable iceberg() {
    return iceberg;
  }

  TableMetadata metadata() {
    return metadata;
  }

  Map<UUID, Long> marks() {
    return marks;
  }

  long mark(UUID logId) {
    return marks.getOrDefault(logId, 0L);
  }

  /** The head, its parent and so on, as far as they have not expired. */
  List<Snapshot> ancestors() {
    return ancestors;
  }

  /** The snapshot that has it, of those that have not expired. */
  OptionalLong withToken(String token) {
    return ancestors.stream()
        .filter(s -> token.equals(s.summary().get(SnapshotMarks.TOKEN)))
        .mapToLong(Snapshot::snapshotId)
        .findFirst();
  }

  static List<Snapshot> ancestors(TableMetadata metadata) {
    List<Snapshot> ancestors = new ArrayList<>();
    Snapshot snapshot = metadata.currentSnapshot();
    while (snapshot != null) {
      ancestors.add(snapshot);
      Long parent = snapshot.parentId();
      snapshot = parent == null ? null : metadata.snapshot(parent);
    }
    return ancestors;
  }
}
