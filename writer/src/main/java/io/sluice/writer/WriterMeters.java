package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeCounters;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.schema.service.Telemetry;
import io.sluice.wal.DurableLog;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.intake.Intake;
import io.sluice.writer.persist.TimeToFull;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** What a Writer's metrics page shows of its state, beside the ledger. */
final class WriterMeters {

  static void register(
      Telemetry telemetry,
      DurableLog log,
      Window window,
      ChunkBuffer buffer,
      Intake intake,
      WriterCatalog catalog,
      TimeToFull timeToFull) {
    gauge(
        telemetry,
        "sluice.hot.bytes",
        "By",
        "memory of rows, with those in their grace",
        buffer::bytes);
    gauge(
        telemetry,
        "sluice.intake.bytes",
        "By",
        "bytes read and not yet applied",
        intake::bytesInFlight);
    gauge(telemetry, "sluice.wal.used", "By", "disk the log uses", () -> log.usage().usedBytes());
    gauge(
        telemetry,
        "sluice.wal.budget",
        "By",
        "disk the log may use",
        () -> log.usage().budgetBytes());
    gauge(
        telemetry,
        "sluice.wal.room",
        "By",
        "records it may still take, by its budget and the disk",
        () -> log.usage().roomBytes());
    gauge(
        telemetry,
        "sluice.wal.time_to_full",
        "s",
        "until there is no room at the rate of the last minute; -1 = it does not fill",
        timeToFull::seconds);
    gauge(
        telemetry,
        "sluice.wal.first_position",
        "1",
        "lowest position in the log",
        log::firstPosition);
    gauge(
        telemetry, "sluice.wal.applied_position", "1", "highest applied position", buffer::applied);
    gauge(
        telemetry,
        "sluice.wal.promised_position",
        "1",
        "records up to here were called stored before they are applied",
        log::promisedPosition);
    gauge(
        telemetry,
        "sluice.wal.lost_positions",
        "1",
        "positions of the log that a repair found lost",
        log::lostPositions);
    gauge(telemetry, "sluice.window.batches", "{batch}", "batch ids remembered", window::size);
    gauge(
        telemetry,
        "sluice.window.evicted_early",
        "{batch}",
        "ids forgotten before their time, there were too many",
        window::evictedEarly);
    gauge(
        telemetry,
        "sluice.lake.commits",
        "{commit}",
        "commits of this process",
        lake(catalog, LakeCounters::commits));
    gauge(
        telemetry,
        "sluice.lake.retries",
        "{retry}",
        "commits tried again",
        lake(catalog, LakeCounters::retries));
    gauge(
        telemetry,
        "sluice.lake.unknown",
        "{commit}",
        "commits whose outcome was not known",
        lake(catalog, LakeCounters::unknown));
    gauge(
        telemetry,
        "sluice.lake.damaged_files",
        "{file}",
        "data files found damaged before their commit, and written anew",
        lake(catalog, LakeCounters::damagedFiles));
    StoreMeters.register(telemetry, catalog);
  }

  /** What this Writer did to the tables beside committing to them. */
  static void register(Telemetry telemetry, MaintenanceCounters counters) {
    gauge(
        telemetry,
        "sluice.maintain.tables",
        "{table}",
        "tables looked after, each time",
        counters::tables);
    gauge(
        telemetry,
        "sluice.maintain.failures",
        "{failure}",
        "what could not be done to a table; it is tried again",
        counters::failures);
    gauge(
        telemetry,
        "sluice.maintain.expired_files",
        "{file}",
        "data files whose days were over their time",
        counters::expiredFiles);
    gauge(
        telemetry,
        "sluice.maintain.compacted_files",
        "{file}",
        "data files that larger ones replaced",
        counters::compactedFiles);
    gauge(
        telemetry,
        "sluice.maintain.orphans",
        "{file}",
        "files and uploads deleted that no table referred to",
        counters::orphans);
  }

  /** The ledger of every table, from when it is made. */
  static void registerTables(Telemetry telemetry, ChunkBuffer buffer) {
    buffer.onTable(table -> register(telemetry, table));
  }

  private static void register(Telemetry telemetry, TableBuffer table) {
    Attributes of =
        Attributes.builder()
            .put("tenant", table.key().tenant())
            .put("table", table.key().table().tableName())
            .build();
    counter(
        telemetry,
        of,
        "taken",
        "applied records of batches that were sent",
        table,
        RecordCounts::taken);
    counter(
        telemetry,
        of,
        "replayed",
        "records the log gave back at start",
        table,
        RecordCounts::replayed);
    counter(
        telemetry,
        of,
        "persisted",
        "records in commits of this process",
        table,
        RecordCounts::persisted);
    counter(
        telemetry,
        of,
        "deduplicated",
        "records of batches that were repeats",
        table,
        RecordCounts::deduplicated);
    records(telemetry, of, "hot", "rows no commit holds", () -> table.records().hot());
    records(telemetry, of, "logged", "hot rows in the log only, not in memory", table::loggedRows);
    records(telemetry, of, "parked", "rows in the parked log", () -> table.records().parked());
    records(
        telemetry,
        of,
        "missing",
        "records that are nowhere: a bug if it is not 0",
        () -> table.records().missing());
  }

  private static void counter(
      Telemetry telemetry,
      Attributes of,
      String state,
      String what,
      TableBuffer table,
      ToLongFunction<RecordCounts> count) {
    telemetry.counter(
        "sluice.records." + state, "{record}", what, of, () -> count.applyAsLong(table.records()));
  }

  private static void records(
      Telemetry telemetry, Attributes of, String state, String what, LongSupplier value) {
    telemetry.gauge("sluice.records." + state, "{record}", what, of, value);
  }

  /** 0 before the catalog is open. */
  private static LongSupplier lake(WriterCatalog catalog, ToLongFunction<LakeCounters> counter) {
    return () -> {
      Lake open = catalog.known();
      return open == null ? 0 : counter.applyAsLong(open.counters());
    };
  }

  private static void gauge(
      Telemetry telemetry, String name, String unit, String what, LongSupplier value) {
    telemetry.gauge(name, unit, what, Attributes.empty(), value);
  }

  private WriterMeters() {}
}
