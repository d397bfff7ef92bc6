package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.Lake;
import io.sluice.schema.service.Telemetry;
import io.sluice.wal.DurableLog;
import io.sluice.writer.apply.Window;
import io.sluice.writer.buffer.ChunkBuffer;
import io.sluice.writer.intake.Intake;
import java.util.function.LongSupplier;

/** What a Writer's metrics page shows of its state, beside the ledger. */
final class WriterMeters {

  static void register(
      Telemetry telemetry,
      DurableLog log,
      Window window,
      ChunkBuffer buffer,
      Intake intake,
      Lake lake) {
    gauge(telemetry, "sluice.records.hot", "{record}", "rows no commit holds", buffer::hotRows);
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
        lake.counters()::commits);
    gauge(
        telemetry,
        "sluice.lake.retries",
        "{retry}",
        "commits tried again",
        lake.counters()::retries);
    gauge(
        telemetry,
        "sluice.lake.unknown",
        "{commit}",
        "commits whose outcome was not known",
        lake.counters()::unknown);
  }

  private static void gauge(
      Telemetry telemetry, String name, String unit, String what, LongSupplier value) {
    telemetry.gauge(name, unit, what, Attributes.empty(), value);
  }

  private WriterMeters() {}
}
