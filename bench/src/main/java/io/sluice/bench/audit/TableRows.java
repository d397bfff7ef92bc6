package io.sluice.bench.audit;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.schema.service.HostPort;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * All rows of a table, hot and persisted, each once: load the table, have every Writer pin what is
 * after its marks, then read both. One thread uses it.
 */
public final class TableRows implements RowSource {

  private static final Duration PAUSE = Duration.ofMillis(200);

  private final AuditTarget target;
  private final FileRows files;
  private final Pace pace;
  private final Lake lake;
  private final BufferAllocator allocator = new RootAllocator();

  private long hotRows;
  private long persistedRows;

  /** Reads files by Iceberg's own reader. */
  public TableRows(AuditTarget target) throws LakeUnavailableException {
    this(target, new IcebergRows());
  }

  public TableRows(AuditTarget target, FileRows files) throws LakeUnavailableException {
    this(target, files, Pace.FAST);
  }

  public TableRows(AuditTarget target, FileRows files, Pace pace) throws LakeUnavailableException {
    this.target = target;
    this.files = files;
    this.pace = pace;
    this.lake = Lake.open(target.lake(), Clock.systemUTC());
  }

  /**
   * As {@link RowSource#read}.
   *
   * @throws FlightRuntimeException a Writer did not give its rows within the patience: what it said
   *     at last
   */
  @Override
  public void read(Table table, RowKeys rows) throws IOException, InterruptedException {
    long end = System.nanoTime() + target.patience().toNanos();
    Pace first = pace;
    while (true) {
      PersistedRows persisted = PersistedRows.load(lake.catalog(), target.tenant(), table);
      List<HotRows> hot = new ArrayList<>();
      try {
        first.beforeOpen();
        first = Pace.FAST;
        open(table, persisted.marks(), hot);
        for (HotRows each : hot) {
          each.take(pace);
        }
      } catch (FlightRuntimeException e) {
        closeAll(hot);
        if (e.status().code() != FlightStatusCode.UNAVAILABLE) {
          throw e;
        }
        if (System.nanoTime() > end) {
          throw e.status()
              .withDescription(
                  "cannot read %s of tenant %s whole in %s: %s"
                      .formatted(table, target.tenant(), target.patience(), e.getMessage()))
              .withCause(e)
              .toRuntimeException();
        }
        Thread.sleep(PAUSE.toMillis());
        continue;
      }
      try {
        hotRows = 0;
        for (HotRows stream : hot) {
          hotRows += stream.read(rows);
        }
        persistedRows = persisted.read(files, rows);
        return;
      } finally {
        closeAll(hot);
      }
    }
  }

  /** How many rows of the last read a Writer had. */
  public long hotRows() {
    return hotRows;
  }

  /** Whether the last read had to put rows of a Writer and rows of files together. */
  public boolean hasCrossed() {
    return hotRows > 0 && persistedRows > 0;
  }

  private void open(Table table, Map<UUID, Long> marks, List<HotRows> opened) throws IOException {
    List<String> columns = ReadColumns.of(table).all();
    ReadTicket ticket =
        new ReadTicket(target.tenant(), table, marks, columns, null, null, pace.follows());
    for (HostPort writer : target.writers()) {
      opened.add(HotRows.open(allocator, writer, ticket));
    }
  }

  private static void closeAll(List<HotRows> streams) {
    streams.forEach(HotRows::close);
  }

  @Override
  public void close() {
    lake.close();
    allocator.close();
  }
}
