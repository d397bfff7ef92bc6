package io.sluice.writer;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeTable;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableLostException;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import io.sluice.writer.apply.ReleasedTables;
import io.sluice.writer.buffer.StreamHead;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far the tables hold this log, as read once before the log is applied; a table that was not
 * there then begins at 0, and is made at its tenant's first batch. Filled by one thread, asked by
 * all others after that.
 *
 * <p>A table that is lost (dropped, replaced, rolled back, or without its metadata while others
 * have theirs) does not stop the others: it begins where it was last known to be, and every commit
 * to it is refused, since its mark is not there.
 */
final class WriterMarks implements ToLongFunction<TableKey> {

  private static final Logger LOG = LoggerFactory.getLogger(WriterMarks.class);

  private final Map<TableKey, Long> marks = new HashMap<>();

  /**
   * Reads them, and makes the tables of the first tenant if they were never there.
   *
   * @throws IOException released records are in tables, and the catalog has none of ours; or its
   *     tables are not in the warehouse, or of a newer release
   */
  void read(Lake lake, UUID logId, ReleasedTables released)
      throws LakeUnavailableException, IOException {
    read(lake, logId, released.read(), released.file());
  }

  /**
   * The same for who knows by other means which tables hold the log.
   *
   * @param source by which, for messages
   */
  void read(Lake lake, UUID logId, List<ReleasedTables.Entry> known, String source)
      throws LakeUnavailableException, IOException {
    marks.clear();
    requireAny(lake, known, source);
    requireSame(lake, known, source);
    for (ReleasedTables.Entry entry : known) {
      lake.table(entry.table().tenant(), entry.table().table()).expect(entry.uuid());
      marks.put(entry.table(), entry.mark());
    }
    lake.ensureTables(ReadTicket.DEFAULT_TENANT);
    Map<TableKey, LakeUnavailableException> broken = new LinkedHashMap<>();
    for (String tenant : lake.tenants()) {
      if (StreamHead.isTenant(tenant)) {
        for (Table table : Table.all()) {
          TableKey key = new TableKey(tenant, table);
          try {
            read(lake.table(tenant, table), key, logId);
          } catch (LakeUnavailableException e) {
            if (!e.isOfAFile()) {
              throw e;
            }
            broken.put(key, e);
          }
          requireInWarehouse(lake, lake.table(tenant, table));
        }
      }
    }
    for (Map.Entry<TableKey, LakeUnavailableException> each : broken.entrySet()) {
      TableKey key = each.getKey();
      if (!lake.isWellBut(key.tenant(), key.table())) {
        throw each.getValue(); // the store's fault, and then nothing is known of any table
      }
      lost(key, String.valueOf(each.getValue().getMessage()));
    }
  }

  /**
   * Its marks, once it has this release's columns, and those that the settings promote.
   *
   * @throws IOException a newer release made it, or a column cannot be added
   */
  private static Map<UUID, Long> marks(LakeTable table) throws IOException, TableLostException {
    Optional<TableLostException> lost = Optional.empty();
    Map<UUID, Long> found = Map.of();
    try {
      found = table.marks();
    } catch (TableLostException e) {
      lost = Optional.of(e); // for want of a column, perhaps
    }
    Optional<String> newer = table.newer();
    if (newer.isPresent()) {
      throw new IOException(
          "cannot start: %s: %s (run the release that made it, or a newer one)"
              .formatted(table.id(), newer.get()));
    }
    if (table.isOlder()) {
      table.bringUpToDate();
      found = table.marks();
    } else if (lost.isPresent()) {
      throw lost.get();
    }
    table.promote();
    return found;
  }

  /**
   * A copy of a data directory has a catalog whose tables are where they were: what is committed to
   * them would be in the original's files.
   */
  private static void requireInWarehouse(Lake lake, LakeTable table) throws IOException {
    String location = table.location().orElse("");
    if (!location.isEmpty() && lake.isOutside(location)) {
      throw new IOException(
          "cannot start: the catalog has %s in %s, the warehouse is %s (a data directory cannot be copied or moved elsewhere: use the original, or set warehouse to where its tables are)"
              .formatted(table.id(), location, lake.config().warehouse()));
    }
  }

  private void read(LakeTable table, TableKey key, UUID logId) throws IOException {
    long known = marks.getOrDefault(key, 0L);
    try {
      long mark = marks(table).getOrDefault(logId, 0L);
      if (mark < known) {
        lost(key, "its mark is " + mark + ", it was " + known);
        return;
      }
      marks.put(key, mark);
      table.sweepAfterCommit(logId, mark);
    } catch (TableLostException e) {
      lost(key, String.valueOf(e.getMessage()));
    }
  }

  private static void lost(TableKey key, String reason) {
    LOG.error(
        "cannot commit to {}: {} (its rows wait; put the table back; or, to begin it anew, run"
            + " ./sluice wal unpark {}.{})",
        key,
        reason,
        key.tenant(),
        key.table().tableName());
  }

  private static void requireAny(Lake lake, List<ReleasedTables.Entry> known, String source)
      throws LakeUnavailableException, IOException {
    Set<TableKey> ours = new LinkedHashSet<>();
    known.forEach(entry -> ours.add(entry.table()));
    Table.all().forEach(table -> ours.add(new TableKey(ReadTicket.DEFAULT_TENANT, table)));
    for (TableKey table : ours) {
      if (known.isEmpty() || lake.has(table.tenant(), table.table())) {
        return;
      }
    }
    throw new IOException(
        "cannot start: the catalog has none of our tables, and %s says that this log's older records are in %d (is catalog.uri right? to begin anew with empty tables, delete that file)"
            .formatted(source, known.size()));
  }

  /** Of one table somebody may have made another; if all are, it is another box's catalog. */
  private static void requireSame(Lake lake, List<ReleasedTables.Entry> known, String source)
      throws IOException {
    for (ReleasedTables.Entry entry : known) {
      try {
        if (known.size() == 1 || isSame(lake, entry)) {
          return;
        }
      } catch (TableLostException e) {
        LOG.debug("{} is gone, or not fit, which is told for each", entry.table(), e);
        return;
      } catch (LakeUnavailableException e) {
        if (!e.isOfAFile()) {
          throw e;
        }
        return;
      }
    }
    if (!known.isEmpty()) {
      throw new IOException(
          "cannot start: the catalog's tables are not those that this log's rows are in, not one of %d (is catalog.uri right? to begin anew with the tables that are there, delete %s)"
              .formatted(known.size(), source));
    }
  }

  private static boolean isSame(Lake lake, ReleasedTables.Entry entry)
      throws LakeUnavailableException, TableLostException {
    LakeTable table = lake.table(entry.table().tenant(), entry.table().table());
    return table.present().uuid().equals(entry.uuid());
  }

  /**
   * A table that holds more than the log means that the log has lost its end: positions would be
   * given twice, and what is appended under them taken for persisted.
   *
   * @throws LogEndLostException some mark is above the last position that the log had at start
   */
  void require(long recoveredPosition) throws LogEndLostException {
    for (Map.Entry<TableKey, Long> mark : marks.entrySet()) {
      require(mark.getKey(), mark.getValue(), recoveredPosition);
    }
  }

  /** The same by what is known without the catalog. */
  static void require(List<ReleasedTables.Entry> released, long recoveredPosition)
      throws LogEndLostException {
    for (ReleasedTables.Entry entry : released) {
      require(entry.table(), entry.mark(), recoveredPosition);
    }
  }

  private static void require(TableKey table, long mark, long recoveredPosition)
      throws LogEndLostException {
    if (mark > recoveredPosition) {
      throw new LogEndLostException(
          "cannot start: %s holds this log up to position %d, the log ends at %d"
                  .formatted(table, mark, recoveredPosition)
              + " (put the log's newest segments back, or begin a new log directory)");
    }
  }

  /** Those that are above 0. */
  Map<TableKey, Long> all() {
    return Map.copyOf(marks);
  }

  @Override
  public long applyAsLong(TableKey key) {
    return marks.getOrDefault(key, 0L);
  }
}
