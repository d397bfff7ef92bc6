package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeCounters;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.schema.service.Telemetry;
import io.sluice.writer.intake.Intake;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** What a Writer's metrics page shows of its state, beside the ledger and each of its logs. */
final class WriterMeters {

  /** Of the Writer. */
  static void register(Telemetry telemetry, Intake intake, WriterCatalog catalog) {
    gauge(
        telemetry,
        "sluice.intake.bytes",
        "By",
        "bytes read and not yet applied",
        intake::bytesInFlight);
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
