package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeCounters;
import io.sluice.schema.service.Telemetry;
import io.sluice.wal.DurableLog;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.intake.Intake;
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
      WriterCatalog catalog) {
    gauge(telemetry, "sluice.records.hot", "{record}", "rows no commit holds", buffer::hotRows);
    gauge(
        telemetry,
        "sluice.records.parked",
        "{record}",
        "rows of stuck tables that no commit holds, out of the log",
        buffer::parkedRows);
    gauge(
        telemetry,
        "sluice.records.logged",
        "{record}",
        "of them, rows in the log only, not in memory",
        buffer::loggedRows);
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
