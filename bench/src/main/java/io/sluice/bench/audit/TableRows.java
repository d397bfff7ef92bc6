package io.sluice.bench.audit;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeUnavailableException;
import io.sluice.query.ClusterLog;
import io.sluice.query.ClusterLogs;
import io.sluice.query.LogPlace;
import io.sluice.query.Patience;
import io.sluice.query.ReadException;
import io.sluice.query.Writers;
import io.sluice.schema.table.Table;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.arrow.flight.CallStatus;
import org.apache.arrow.flight.FlightRuntimeException;
import org.apache.arrow.flight.FlightStatusCode;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.jspecify.annotations.Nullable;

/**
 * All rows of a table, hot and persisted, each once: load the table, have the leader of every log
 * pin what is after its mark, then read both. One thread uses it.
 */
public final class TableRows implements RowSource {

  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  /** A leader is away, or leads no more: another will. */
  private static final Set<FlightStatusCode> PASSING =
      Set.of(FlightStatusCode.UNAVAILABLE, FlightStatusCode.TIMED_OUT, FlightStatusCode.CANCELLED);

  private final AuditTarget target;
  private final FileRows files;
  private final Pace pace;
  private final Lake lake;
  private final BufferAllocator allocator = new RootAllocator();
  private final Patience silence = new Patience(SILENCE);
  private final Writers writers;

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
    this.writers = Writers.at(target.writers(), target.credentials(), allocator);
  }

  /**
   * As {@link RowSource#read}.
   *
   * @throws FlightRuntimeException a log's rows could not be had within the patience: what was said
   *     at last
   */
  @Override
  public void read(Table table, RowKeys rows) throws IOException, InterruptedException {
    long end = System.nanoTime() + target.patience().toNanos();
    Pace first = pace;
    boolean again = false;
    while (true) {
      PersistedRows persisted = PersistedRows.load(lake.catalog(), target.tenant(), table);
      List<HotRows> hot = new ArrayList<>();
      try {
        first.beforeOpen();
        first = Pace.FAST;
        open(table, persisted.marks(), again, hot);
        for (HotRows each : hot) {
          each.take(pace);
        }
      } catch (FlightRuntimeException e) {
        closeAll(hot);
        if (!PASSING.contains(e.status().code())) {
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
        again = true;
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

  private void open(Table table, Map<UUID, Long> marks, boolean again, List<HotRows> opened)
      throws IOException, InterruptedException {
    List<String> columns = ReadColumns.of(table).all();
    ReadTicket ticket =
        new ReadTicket(target.tenant(), table, marks, columns, null, null, pace.follows());
    for (LogPlace log : logs(again)) {
      opened.add(HotRows.open(allocator, target.credentials(), log, ticket, silence));
    }
  }

  /** All of them: a log without a leader is as good as a Writer that is away. */
  private List<LogPlace> logs(boolean again) throws InterruptedException {
    try {
      ClusterLogs cluster = again ? writers.logsOfAll() : writers.logs();
      List<LogPlace> places = new ArrayList<>();
      for (ClusterLog log : cluster.logs()) {
        LogPlace place = cluster.place(log);
        if (place == null) {
          throw away(log.name() + ": " + cluster.unled(log), null);
        }
        places.add(place);
      }
      return places;
    } catch (ReadException e) {
      throw away(e.getMessage(), e);
    }
  }

  private static FlightRuntimeException away(String what, @Nullable Throwable cause) {
    return CallStatus.UNAVAILABLE.withDescription(what).withCause(cause).toRuntimeException();
  }

  private static void closeAll(List<HotRows> streams) {
    streams.forEach(HotRows::close);
  }

  @Override
  public void close() {
    lake.close();
    writers.close();
    silence.close();
    allocator.close();
  }
}
