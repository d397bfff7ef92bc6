package io.sluice.writer;

import io.opentelemetry.api.common.Attributes;
import io.sluice.lake.Lake;
import io.sluice.lake.LakeCounters;
import io.sluice.lake.maintain.MaintenanceCounters;
import io.sluice.schema.service.Telemetry;
import io.sluice.writer.buffer.HotSets;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.intake.Intake;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.serve.Cluster;
import io.sluice.writer.serve.ServedLog;
import io.sluice.writer.serve.ServedLogs;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a Writer's metrics page shows of its state, beside the ledger and each of its logs. */
final class WriterMeters {

  /** Of the Writer. */
  static void register(WriterCore core, ServedLogs logs, Intake intake) {
    Telemetry telemetry = core.telemetry();
    WriterCatalog catalog = core.catalog();
    HotMemory memory = core.memory();
    gauge(telemetry, "sluice.memory.used", memory::bytes);
    gauge(telemetry, "sluice.memory.budget", memory::maxBytes);
    gauge(telemetry, "sluice.catalog.away", () -> catalog.why() == null ? 0 : 1);
    gauge(telemetry, "sluice.tables.stuck", () -> stuck(logs));
    gauge(telemetry, "sluice.persist.oldest", () -> oldestSeconds(logs, core.nanos().getAsLong()));
    gauge(telemetry, "sluice.replica.behind", () -> behind(logs));
    gauge(telemetry, "sluice.replica.silent", () -> silent(logs));
    gauge(telemetry, "sluice.intake.budget", core.settings()::intakeBytes);
    gauge(telemetry, "sluice.intake.bytes", intake::bytesInFlight);
    gauge(telemetry, "sluice.lake.commits", lake(catalog, LakeCounters::commits));
    gauge(telemetry, "sluice.lake.retries", lake(catalog, LakeCounters::retries));
    gauge(telemetry, "sluice.lake.unknown", lake(catalog, LakeCounters::unknown));
    gauge(telemetry, "sluice.lake.damaged_files", lake(catalog, LakeCounters::damagedFiles));
    StoreMeters.register(telemetry, catalog);
  }

  /** What this Writer did to the tables beside committing to them. */
  static void register(Telemetry telemetry, MaintenanceCounters counters) {
    gauge(telemetry, "sluice.maintain.tables", counters::tables);
    gauge(telemetry, "sluice.maintain.failures", counters::failures);
    gauge(telemetry, "sluice.maintain.expired_files", counters::expiredFiles);
    gauge(telemetry, "sluice.maintain.compacted_files", counters::compactedFiles);
    gauge(telemetry, "sluice.maintain.orphans", counters::orphans);
  }

  private static long stuck(ServedLogs logs) {
    return logs.hosted().stream().mapToLong(log -> log.persister().stuck().size()).sum();
  }

  /** Since the oldest rows were taken that no commit holds; 0: there are none. */
  private static long oldestSeconds(ServedLogs logs, long now) {
    long most = 0;
    for (ServedLog log : logs.hosted()) {
      for (TableBuffer table : log.buffer().tables()) {
        HotSets sets = table.sets();
        if (sets.isOwed()) {
          most = Math.max(most, now - sets.oldestNanos());
        }
      }
    }
    return TimeUnit.NANOSECONDS.toSeconds(most);
  }

  /** Of the copy that lacks most, as far as its leader is here. */
  private static long behind(ServedLogs logs) {
    return copies(logs).mapToLong(Cluster.Copy::behind).reduce(0, Math::max);
  }

  private static long silent(ServedLogs logs) {
    return copies(logs).filter(copy -> copy.silentMillis() > WriterFaults.SILENT_MILLIS).count();
  }

  private static Stream<Cluster.Copy> copies(ServedLogs logs) {
    return logs.hosted().stream().flatMap(log -> logs.cluster().copies(log.number()).stream());
  }

  /** 0 before the catalog is open. */
  private static LongSupplier lake(WriterCatalog catalog, ToLongFunction<LakeCounters> counter) {
    return () -> {
      Lake open = catalog.known();
      return open == null ? 0 : counter.applyAsLong(open.counters());
    };
  }

  private static void gauge(Telemetry telemetry, String name, LongSupplier value) {
    telemetry.gauge(name, Attributes.empty(), value);
  }

  private WriterMeters() {}
}
