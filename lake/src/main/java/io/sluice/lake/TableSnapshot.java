package io.sluice.lake;

import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.InputFile;
import org.jspecify.annotations.Nullable;

/**
 * What a table held at one moment: its rows, and up to where of each log they are; both from one
 * load of the metadata. A table that is not there yet has no rows and no marks. One thread uses it.
 */
public final class TableSnapshot {

  private final Schema schema;
  private final Promotions promotions;
  private final Map<UUID, Long> marks;
  private final @Nullable BaseTable iceberg;
  private final @Nullable Snapshot head;

  private TableSnapshot(
      Schema schema,
      Promotions promotions,
      Map<UUID, Long> marks,
      @Nullable BaseTable iceberg,
      @Nullable Snapshot head) {
    this.schema = schema;
    this.promotions = promotions;
    this.marks = marks;
    this.iceberg = iceberg;
    this.head = head;
  }

  static TableSnapshot of(Table table, LoadedTable loaded) {
    return new TableSnapshot(
        loaded.iceberg().schema(),
        PromotedColumns.of(table, loaded.iceberg()),
        Map.copyOf(loaded.marks()),
        loaded.iceberg(),
        loaded.metadata().currentSnapshot());
  }

  /** With the columns that it will be made with. */
  static TableSnapshot ofNothing(Table table, Promotions promotions) {
    Schema schema = IcebergSchema.of(table, promotions);
    return new TableSnapshot(schema, promotions, Map.of(), null, null);
  }

  /** Empty: nothing was ever committed. */
  public OptionalLong snapshotId() {
    return head == null ? OptionalLong.empty() : OptionalLong.of(head.snapshotId());
  }

  /** How far each log is in these rows; a log that is absent is at 0. */
  public Map<UUID, Long> marks() {
    return marks;
  }

  public long mark(UUID logId) {
    return marks.getOrDefault(logId, 0L);
  }

  /** The table's schema, with whatever columns others have added. */
  public Schema schema() {
    return schema;
  }

  /** Those of its columns that hold an attribute of a map. */
  public Promotions promotions() {
    return promotions;
  }

  /** The partition specs that files of this snapshot may have, by id. */
  public Map<Integer, PartitionSpec> specs() {
    return iceberg == null ? Map.of() : iceberg.specs();
  }

  /** One of its files, to be read. Those that others wrote may be anywhere. */
  public InputFile file(String location) {
    if (iceberg == null) {
      throw new IllegalStateException("cannot open " + location + ": the table is not there");
    }
    return iceberg.io().newInputFile(location);
  }

  /** All data files, each with the delete files that apply to it. */
  public List<FileScanTask> files() throws LakeUnavailableException {
    return plan(Expressions.alwaysTrue());
  }

  /** How much there is, as the commit says that made it; counted where that does not say. */
  public TableTotals totals() throws LakeUnavailableException {
    TableTotals said = head == null ? TableTotals.NOTHING : TableTotals.of(head.summary());
    return said == null ? TableTotals.of(files()) : said;
  }

  /**
   * The data files that may have rows with {@code from <= time < to}; either may be null. They have
   * other rows, too.
   */
  public List<FileScanTask> files(@Nullable Instant from, @Nullable Instant to)
      throws LakeUnavailableException {
    Expression filter = Expressions.alwaysTrue();
    if (from != null) {
      filter = Expressions.and(filter, Expressions.greaterThanOrEqual("time", micros(from)));
    }
    if (to != null) {
      filter = Expressions.and(filter, Expressions.lessThan("time", micros(to)));
    }
    return plan(filter);
  }

  /** The data files that may have rows for which the expression is true, and other rows, too. */
  public List<FileScanTask> files(Expression filter) throws LakeUnavailableException {
    return plan(filter);
  }

  private List<FileScanTask> plan(Expression filter) throws LakeUnavailableException {
    if (iceberg == null || head == null) {
      return List.of();
    }
    TableScan scan = iceberg.newScan().useSnapshot(head.snapshotId()).filter(filter);
    try (CloseableIterable<FileScanTask> tasks = scan.ignoreResiduals().planFiles()) {
      List<FileScanTask> files = new ArrayList<>();
      tasks.forEach(files::add);
      return files;
    } catch (IOException e) {
      throw unreadable(e);
    } catch (RuntimeException e) {
      if (!Backoff.mayPass(e)) {
        throw e;
      }
      throw unreadable(e);
    }
  }

  private LakeUnavailableException unreadable(Exception e) {
    return new LakeUnavailableException(
        "cannot plan files of table " + iceberg + ": " + e.getMessage() + " (load it again)", e);
  }

  private static long micros(Instant time) {
    return Math.addExact(
        Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
  }
}
