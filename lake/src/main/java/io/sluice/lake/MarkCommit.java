package io.sluice.lake;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
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

  private final LogRange range;
  private final List<DataFile> files;
  private final String token;
  private final Clock clock;

  MarkCommit(LogRange range, List<DataFile> files, String token, Clock clock) {
    this.range = range;
    this.files = files;
    this.token = token;
    this.clock = clock;
  }

  String token() {
    return token;
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
    append.set(SnapshotMarks.TOKEN, token);
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
    for (Snapshot ancestor : ancestors) {
      if (token.equals(ancestor.summary().get(SnapshotMarks.TOKEN))) {
        throw new FoundOwnCommitException("cannot commit " + range + ": it is committed");
      }
    }
    Map<UUID, Long> marks;
    try {
      marks = new TreeMap<>(Marks.of(base.properties()));
    } catch (TableLostException e) {
      throw new MarkMovedException(String.valueOf(e.getMessage()));
    }
    long mark = marks.getOrDefault(range.logId(), 0L);
    if (mark != range.from() || !uuid.equals(base.uuid())) {
      throw new MarkMovedException("cannot commit " + range + ": the mark is " + mark);
    }
    marks.put(range.logId(), range.to());
    return marks;
  }
}
