package io.sluice.lake;

import io.sluice.schema.table.Table;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotUpdate;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.io.FileIO;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A table of ours as one load showed it, for maintenance: what it does leaves rows and marks to the
 * logs, and its snapshots say that they are of ours. One thread uses it.
 */
public final class MaintainedTable {

  private static final Logger LOG = LoggerFactory.getLogger(MaintainedTable.class);

  private final TableIdentifier id;
  private final Table table;
  private final LoadedTable loaded;
  private final Clock clock;
  private final SnapshotExpiry expiry;
  private final BaseTable iceberg;

  MaintainedTable(
      TableIdentifier id, Table table, LoadedTable loaded, Clock clock, SnapshotExpiry expiry) {
    this.id = id;
    this.table = table;
    this.loaded = loaded;
    this.clock = clock;
    this.expiry = expiry;
    this.iceberg =
        new BaseTable(
            committing(loaded.iceberg().operations(), clock),
            loaded.iceberg().name(),
            new QuietReporter());
  }

  private static TableOperations committing(TableOperations operations, Clock clock) {
    try {
      return AheadOperations.of(operations, clock);
    } catch (CommitFailedException ahead) {
      return operations; // it can be read all the same; a commit is refused
    }
  }

  public TableIdentifier id() {
    return id;
  }

  /** To plan and commit with; also when it is ahead of the clock, if its catalog is a database. */
  public BaseTable iceberg() {
    return iceberg;
  }

  /** As it was loaded. */
  public TableMetadata metadata() {
    return loaded.metadata();
  }

  /** Of what it had when it was loaded, planned by the thread that asks. */
  public TableScan scan() {
    TableScan scan = iceberg.newScan().planWith(OwnThread.EXECUTOR);
    Snapshot head = loaded.metadata().currentSnapshot();
    return head == null ? scan : scan.useSnapshot(head.snapshotId());
  }

  /** The partition spec, sort order and places of data files. */
  public FileTarget target() throws TableLostException {
    return FileTarget.of(table, loaded.iceberg());
  }

  /**
   * The update as one of ours: it says what it is, and what the marks of the snapshot before it
   * are, as each of our snapshots does. Manifests are read by this thread alone.
   *
   * @param what one word for the snapshot's summary
   */
  public <T extends SnapshotUpdate<T>> T marked(T update, String what) {
    String token = UUID.randomUUID().toString();
    update.set(SnapshotMarks.MAINTAIN, what);
    update.set(SnapshotMarks.MAINTAIN_TOKEN, token);
    update.scanManifestsWith(OwnThread.EXECUTOR);
    // The newest that says them, not the table's properties: if the two disagree, they still do.
    return update.validateWith(
        ancestors -> {
          for (Snapshot ancestor : ancestors) {
            if (token.equals(ancestor.summary().get(SnapshotMarks.MAINTAIN_TOKEN))) {
              throw new FoundOwnCommitException("cannot commit " + what + ": it is committed");
            }
          }
          for (Snapshot ancestor : ancestors) {
            String positions = ancestor.summary().get(SnapshotMarks.POSITIONS);
            if (positions != null) {
              update.set(SnapshotMarks.POSITIONS, positions);
              break;
            }
          }
          return true;
        });
  }

  /** Commits what {@link #marked} gave; also well if an attempt that failed is in the table. */
  public static void commit(SnapshotUpdate<?> marked) {
    try {
      marked.commit();
    } catch (FoundOwnCommitException e) {
      LOG.info("an update was said to have failed and is in the table", e);
    }
  }

  /** Whether its last commit is later than this machine's clock: no snapshot can expire then. */
  public boolean isAhead() {
    return AheadOperations.isAhead(loaded.metadata(), clock);
  }

  /** Snapshots of ours that another one has replaced since, and that no branch or tag names. */
  public List<Long> replacedBefore(Instant time) {
    return expiry.replacedBefore(loaded.metadata(), time);
  }

  /** Takes them out, and deletes the files that no other snapshot refers to. */
  public void expire(List<Long> snapshots) {
    expiry.expire(loaded.iceberg(), snapshots);
  }

  /**
   * Whether a log may still commit a data file of that name: nothing moves a mark back, so that
   * what begins before it never can be.
   */
  public boolean mayBeCommitted(String fileName) {
    Map<UUID, Long> marks = loaded.marks();
    return TableFileName.range(fileName)
        .filter(range -> range.from() >= marks.getOrDefault(range.logId(), 0L))
        .isPresent();
  }

  /**
   * Reads back a file that is about to be the only copy of its rows.
   *
   * @throws DamagedFileException it is not what was written
   */
  public void requireWritten(FileIO io, DataFile written) throws DamagedFileException {
    DataFileCheck.require(io, written);
  }
}
