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
import java.util.ArrayList;
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

  /** Waits between attempts; a test does not. */
  @FunctionalInterface
  interface Pause {
    void between(Duration time) throws InterruptedException;
  }

  /** A reload costs a few dozen ms and brings the newest marks: more than a few mean a defect. */
  private static final int RELOADS = 5;

  /** An election, or the replay at a start, may take its time. */
  private static final int LEADER_WAITS = 50;

  private static final Duration LEADER_WAIT = Duration.ofMillis(200);

  private final Lake lake;
  private final Writers writers;
  private final BufferAllocator allocator;
  private final boolean allowPartial;
  private final Pause pause;

  /**
   * A reader that uses, and does not close, what it is given.
   *
   * @param allowPartial give what there is when Writers are away; {@link TableRead#missing} names
   *     the rest
   */
  public TableReader(Lake lake, Writers writers, BufferAllocator allocator, boolean allowPartial) {
    this(lake, writers, allocator, allowPartial, time -> Thread.sleep(time.toMillis()));
  }

  TableReader(
      Lake lake, Writers writers, BufferAllocator allocator, boolean allowPartial, Pause pause) {
    this.lake = lake;
    this.writers = writers;
    this.allocator = allocator;
    this.allowPartial = allowPartial;
    this.pause = pause;
  }

  /** What is persisted, alone. A table that is not there yet is empty. */
  TableSnapshot snapshot(String tenant, Table table) throws ReadException {
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
    int reloads = 0;
    int waits = 0;
    Map<UUID, Long> before = Map.of();
    while (true) {
      TableSnapshot snapshot = snapshot(tenant, table);
      boolean moved = !snapshot.marks().equals(before);
      before = snapshot.marks();
      try {
        return open(tenant, table, columns, snapshot);
      } catch (ReadRefusedException e) {
        if (e.reason() == Reason.RELOAD && ++reloads <= RELOADS) {
          continue;
        }
        if (e.reason() == Reason.LEADER && ++waits <= LEADER_WAITS) {
          pause.between(LEADER_WAIT);
          continue;
        }
        ReadException last = e.after(reloads + waits, moved);
        if (!allowPartial) {
          throw new HotRowsAwayException(last);
        }
        return new TableRead(
            tenant, table, columns, snapshot, List.of(), List.of(last.getMessage()));
      } catch (ReadException e) {
        throw new HotRowsAwayException(e);
      }
    }
  }

  private TableRead open(String tenant, Table table, ColumnSet columns, TableSnapshot snapshot)
      throws ReadException {
    List<LogPlace> logs;
    try {
      logs = writers.logs();
    } catch (ReadException e) {
      return partial(e, tenant, table, columns, snapshot);
    }
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
    List<HotRows> hot = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    try {
      for (LogPlace log : logs) {
        try {
          hot.add(HotRows.open(writers, log, ticket, schema, allocator));
        } catch (ReadRefusedException e) {
          throw e;
        } catch (ReadException e) {
          if (!allowPartial) {
            throw e;
          }
          missing.add("log %d (%s): %s".formatted(log.number(), log.id(), e.getMessage()));
        }
      }
    } catch (ReadException | RuntimeException e) {
      TableRead.close(hot, e);
      throw e;
    }
    return new TableRead(tenant, table, columns, snapshot, hot, missing);
  }

  private TableRead partial(
      ReadException e, String tenant, Table table, ColumnSet columns, TableSnapshot snapshot)
      throws ReadException {
    if (!allowPartial) {
      throw e;
    }
    return new TableRead(
        tenant, table, columns, snapshot, List.of(), List.of("all logs: " + e.getMessage()));
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
