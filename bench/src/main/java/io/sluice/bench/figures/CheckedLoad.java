package io.sluice.bench.figures;

import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.audit.AuditTarget;
import io.sluice.bench.harness.LoadRun;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadCredentials;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.query.Writers;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Loads a box, and lets no figure stand on records that are not in its tables, each once. */
final class CheckedLoad {

  private final SluiceBox box;
  private final LoadCredentials credentials;
  private final String tenant;
  private final Map<Path, Instant> begun = new ConcurrentHashMap<>();

  CheckedLoad(SluiceBox box) {
    this(box, LoadCredentials.NONE, ReadTicket.DEFAULT_TENANT);
  }

  /**
   * @param credentials what is shown to the box
   * @param tenant whose records they make it
   */
  CheckedLoad(SluiceBox box, LoadCredentials credentials, String tenant) {
    this.box = box;
    this.credentials = credentials;
    this.tenant = tenant;
  }

  /** Loads beside what else is done. */
  LoadRun start(LoadOptions options) {
    begun.put(Objects.requireNonNull(options.audit()), Instant.now());
    return LoadRun.start(options, credentials);
  }

  /** Loads and audits. */
  void run(LoadOptions options) throws Exception {
    audit(options, send(options));
  }

  /**
   * Loads.
   *
   * @throws IOException something was refused or not answered, nothing was acked, or it hangs
   */
  LoadReport send(LoadOptions options) throws Exception {
    try (LoadRun run = start(options)) {
      LoadReport report = run.report();
      box.requireRunning();
      if (report.acked() == 0 || report.refused() > 0 || report.unknown() > 0) {
        throw new IOException(
            "cannot count a run: %d records acked, %d refused, %d never answered: %s"
                .formatted(report.acked(), report.refused(), report.unknown(), report.lastError()));
      }
      return report;
    }
  }

  /** Persists all there is, so that none of it is done beside what is measured next. */
  void settle() throws Exception {
    try (BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(List.of(box.flight()), allocator)) {
      writers.flush(box.flight());
    }
  }

  /**
   * Compares what the load noted with the tables.
   *
   * @throws IOException they differ
   */
  void audit(LoadOptions options, LoadReport report) throws Exception {
    AuditTarget all = box.target();
    AuditTarget target = new AuditTarget(all.lake(), all.writers(), tenant, all.patience());
    Path acks = Objects.requireNonNull(options.audit());
    AuditResult result = Audit.run(List.of(acks), target, Objects.requireNonNull(begun.get(acks)));
    if (!result.clean() || result.acked() != report.acked()) {
      throw new IOException(
          "cannot count a run of %d records acked: the audit found %s, %s"
              .formatted(report.acked(), result, result.offenders()));
    }
  }
}
