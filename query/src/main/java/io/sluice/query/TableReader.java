package io.sluice.query;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.lake.TableLostException;
import io.sluice.lake.TableSnapshot;
import io.sluice.query.ReadRefusedException.Reason;
import io.sluice.schema.table.Column;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Opens tables for reading, exact at one moment: a snapshot with its marks first, then every log at
 * its leader from those marks on, and only then are files touched. A Writer pins what it answers
 * with, so neither a flush nor another reader can make a gap or a duplicate between the two. Any
 * thread may use it.
 */
public final class TableReader {

  /** A reload costs a few dozen ms and brings the newest marks: more than a few mean a defect. */
  private static final int RELOADS = 5;

  private final Lake lake;
  private final Writers writers;
  private final BufferAllocator allocator;
  private final boolean allowPartial;
  private final Duration wait;
  private final ReadClock clock;

  /**
   * A reader that uses, and does not close, what it is given.
   *
   * @param allowPartial give what there is when logs cannot be read whole; {@link
   *     TableRead#missing} names the rest
   * @param wait how long to look for leaders before a read is given up
   */
  public TableReader(
      Lake lake, Writers writers, BufferAllocator allocator, boolean allowPartial, Duration wait) {
    this(lake, writers, allocator, allowPartial, wait, ReadClock.SYSTEM);
  }

  /** The same with the usual wait. */
  public TableReader(Lake lake, Writers writers, BufferAllocator allocator, boolean allowPartial) {
    this(lake, writers, allocator, allowPartial, ReadSettings.DEFAULT.leaderWait());
  }

  TableReader(
      Lake lake,
      Writers writers,
      BufferAllocator allocator,
      boolean allowPartial,
      Duration wait,
      ReadClock clock) {
    this.lake = lake;
    this.writers = writers;
    this.allocator = allocator;
    this.allowPartial = allowPartial;
    this.wait = wait;
    this.clock = clock;
  }

  /** What is persisted, alone. A table that is not there yet is empty. */
  public TableSnapshot snapshot(String tenant, Table table) throws ReadException {
    try {
      return lake.table(tenant, table).snapshot();
    } catch (LakeUnavailableException | TableLostException e) {
      throw new ReadException(
          "cannot load table %s of tenant %s: %s".formatted(table, tenant, e.getMessage()), e);
    }
  }

  /**
   * Opens a table.
   *
   * @throws HotRowsAwayException it cannot be whole, and would be partial with {@code allowPartial}
   * @throws ReadException the table itself cannot be loaded
   */
  public TableRead open(String tenant, Table table, ColumnSet columns)
      throws ReadException, InterruptedException {
    Waiting waiting = new Waiting(clock, wait);
    Map<UUID, Long> before = Map.of();
    for (int reloads = 0; ; reloads++) {
      TableSnapshot snapshot = snapshot(tenant, table);
      boolean moved = !snapshot.marks().equals(before);
      before = snapshot.marks();
      try {
        Opened opened = logs(tenant, table, columns, snapshot).open(waiting);
        return new TableRead(tenant, table, columns, snapshot, opened.hot(), opened.missing());
      } catch (ReadRefusedException e) {
        if (e.reason() == Reason.RELOAD && reloads < RELOADS) {
          continue;
        }
        ReadException last = e.reason() == Reason.RELOAD ? e.after(reloads + 1, moved) : e;
        if (!allowPartial) {
          throw new HotRowsAwayException(last);
        }
        MissingLog all = new MissingLog(MissingLog.ALL, null, last.getMessage());
        return new TableRead(tenant, table, columns, snapshot, List.of(), List.of(all));
      } catch (ReadException e) {
        throw new HotRowsAwayException(e);
      }
    }
  }

  private LogReads logs(String tenant, Table table, ColumnSet columns, TableSnapshot snapshot) {
    Schema schema = hotSchema(table, columns, snapshot.promotions());
    ReadTicket ticket =
        new ReadTicket(
            tenant,
            table,
            snapshot.marks(),
            schema.getFields().stream().map(Field::getName).toList(),
            null,
            null,
            false);
    return new LogReads(writers, allocator, ticket, schema, allowPartial);
  }

  /** Rows without any column could not be counted: then it is the time, which is never null. */
  private static Schema hotSchema(Table table, ColumnSet columns, Promotions promotions) {
    Set<String> names =
        promotions.columns(table).stream()
            .map(Column::name)
            .filter(columns::has)
            .collect(Collectors.toSet());
    return promotions.arrow(table, names.isEmpty() ? Set.of("time") : names);
  }
}
