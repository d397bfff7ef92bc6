package io.sluice.lake;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.HasTableOperations;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.Transactions;

/**
 * One commit: files appended and a log's mark moved, by one Iceberg transaction. Iceberg may apply
 * it to several bases in turn, as foreign commits come between; the mark is compared on each of
 * them.
 */
final class MarkCommit {

  private final CommitCheck check;
  private final LogRange range;
  private final List<DataFile> files;
  private final Clock clock;

  MarkCommit(CommitCheck check, List<DataFile> files, Clock clock) {
    this.check = check;
    this.range = check.range();
    this.files = files;
    this.clock = clock;
  }

  /**
   * Returns the id of the committed snapshot.
   *
   * @throws MarkMovedException nothing was committed, the mark is elsewhere
   * @throws RuntimeException anything else Iceberg throws: the outcome is unknown
   */
  long attempt(BaseTable table) {
    String uuid = table.operations().current().uuid();
    Transaction transaction =
        Transactions.newTransaction(
            table.name(), AheadOperations.of(table.operations(), clock), new QuietReporter());
    TableOperations operations = ((HasTableOperations) transaction.table()).operations();
    AppendFiles append = transaction.newAppend().scanManifestsWith(OwnThread.EXECUTOR);
    files.forEach(append::appendFile);
    append.set(SnapshotMarks.LOG, range.logId().toString());
    append.set(SnapshotMarks.FROM, Long.toString(range.from()));
    append.set(SnapshotMarks.TO, Long.toString(range.to()));
    append.set(SnapshotMarks.TOKEN, check.token());
    append.validateWith(
        ancestors -> {
          Map<UUID, Long> marks = require(uuid, operations.current(), ancestors);
          append.set(SnapshotMarks.POSITIONS, Marks.text(marks));
          return true;
        });
    append.commit();
    // After the append: its check must see the properties of the base, not this change to them.
    transaction
        .updateProperties()
        .set(Marks.property(range.logId()), Long.toString(range.to()))
        .commit();
    transaction.commitTransaction();
    return Objects.requireNonNull(operations.current().currentSnapshot()).snapshotId();
  }

  /** Returns all marks as they are after this commit. */
  private Map<UUID, Long> require(String uuid, TableMetadata base, Iterable<Snapshot> ancestors) {
    boolean same = uuid.equals(base.uuid());
    Map<UUID, Long> marks = Map.of();
    try {
      marks = Marks.of(base.properties());
      same &= TableCheck.history(base, marks).lost().isEmpty();
    } catch (TableLostException e) {
      same = false; // somebody has overwritten them
    }
    return switch (check.base(same, hasToken(ancestors), marks)) {
      case FITS -> check.after(marks);
      case HOLDS_IT ->
          throw new FoundOwnCommitException("cannot commit " + range + ": it is committed");
      case MOVED ->
          throw new MarkMovedException(
              "cannot commit %s: the mark is %d%s"
                  .formatted(range, check.mark(marks), same ? "" : " of another history"));
    };
  }

  private boolean hasToken(Iterable<Snapshot> ancestors) {
    for (Snapshot ancestor : ancestors) {
      if (check.token().equals(ancestor.summary().get(SnapshotMarks.TOKEN))) {
        return true;
      }
    }
    return false;
  }
}
