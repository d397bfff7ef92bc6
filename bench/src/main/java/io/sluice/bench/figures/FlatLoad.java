package io.sluice.bench.figures;

import io.grpc.InsecureChannelCredentials;
import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.harness.LoadRun;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadCredentials;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.bench.record.Variety;
import io.sluice.query.Writers;
import io.sluice.schema.table.Signal;
import io.sluice.schema.wire.ReadTicket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/** Loads of a box at one rate, whose cost is told, and which are audited together at the end. */
final class FlatLoad implements AutoCloseable {

  private static final double RATE = 30_000;
  private static final double FEW = 2_000;
  private static final int BATCH = 512;
  private static final int SMALL_BATCH = 32;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANSWERS = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofHours(1);

  private final SluiceBox box;
  private final BufferAllocator allocator = new RootAllocator();
  private final Writers writers;
  private final List<Path> acks = new ArrayList<>();
  private long acked;
  private int tenants;

  FlatLoad(SluiceBox box) {
    this.box = box;
    this.writers = Writers.at(List.of(box.flight()), allocator);
  }

  /**
   * What is loaded.
   *
   * @param tenants that its requests name in turn; 1: none is named
   */
  record Kind(int connections, int tenants, Variety variety) {
    static final Kind PLAIN = new Kind(1, 1, Variety.PLAIN);
  }

  /** At full speed, over many connections, until compilers have seen all there is. */
  void warm(double seconds) throws Exception {
    send(options(0, new Kind(8, 1, Variety.PLAIN), BATCH, seconds(seconds)), 1);
    settle();
  }

  /** What a record costs from its request until it is in a file. */
  Cost cost(Kind kind, double seconds) throws Exception {
    settle();
    Cost.Moment before = Cost.Moment.of(box);
    LoadReport report = send(options(RATE, kind, BATCH, seconds(seconds)), kind.tenants());
    settle();
    return Cost.of(report, before, Cost.Moment.of(box));
  }

  /** So many flushes one after the other, each with rows to persist. */
  void flushes(int number) throws Exception {
    LoadOptions options = options(FEW, Kind.PLAIN, SMALL_BATCH, LONG);
    try (LoadRun run = LoadRun.start(options)) {
      run.awaitFirstAck();
      long seen = 0;
      for (int done = 0; done < number; ) {
        run.check();
        long now = run.ackedNow();
        if (now > seen) { // there is something that the last flush did not have
          settle();
          seen = now;
          done++;
        } else {
          Thread.sleep(1);
        }
      }
      run.finish();
      note(options, run.report());
    }
    settle();
  }

  /** Persists all there is. */
  private void settle() throws Exception {
    writers.flush(box.flight());
  }

  private LoadReport send(LoadOptions options, int inTurn) throws Exception {
    tenants = Math.max(tenants, inTurn);
    try (LoadRun run = LoadRun.start(options, credentials(inTurn))) {
      LoadReport report = run.report();
      note(options, report);
      return report;
    }
  }

  private void note(LoadOptions options, LoadReport report) throws IOException {
    box.requireRunning();
    if (report.acked() == 0 || report.refused() > 0 || report.unknown() > 0) {
      throw new IOException(
          "cannot count a run: %d records acked, %d refused, %d never answered: %s"
              .formatted(report.acked(), report.refused(), report.unknown(), report.lastError()));
    }
    acks.add(Objects.requireNonNull(options.audit()));
    acked += report.acked();
  }

  /**
   * Compares all that was loaded with all tenants' tables.
   *
   * @throws IOException they differ
   */
  void audit() throws Exception {
    List<String> all = new ArrayList<>(List.of(ReadTicket.DEFAULT_TENANT));
    all.addAll(names(tenants));
    try (TenantRows rows = new TenantRows(box.target(), all)) {
      AuditResult result = Audit.run(acks, rows);
      if (!result.clean() || result.acked() != acked) {
        throw new IOException(
            "cannot count runs of %d records acked: the audit found %s, %s"
                .formatted(acked, result, result.offenders()));
      }
    }
  }

  private static LoadCredentials credentials(int tenants) {
    return tenants == 1
        ? LoadCredentials.NONE
        : new LoadCredentials(InsecureChannelCredentials.create(), null, Map.of(), names(tenants));
  }

  private static List<String> names(int tenants) {
    return IntStream.range(0, tenants).mapToObj(i -> "tenant_" + i).toList();
  }

  private LoadOptions options(double rate, Kind kind, int batch, Duration length) {
    int run = acks.size() + 1;
    return new LoadOptions(
        Set.of(Signal.TRACES),
        rate,
        length,
        Long.MAX_VALUE,
        kind.connections(),
        false,
        box.grpc(),
        run,
        run,
        batch,
        box.directory().resolve("acks-" + run),
        false,
        TIMEOUT,
        ANSWERS,
        kind.variety());
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1_000));
  }

  @Override
  public void close() {
    writers.close();
    allocator.close();
  }
}
