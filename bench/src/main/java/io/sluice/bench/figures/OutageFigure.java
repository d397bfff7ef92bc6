package io.sluice.bench.figures;

import io.sluice.bench.audit.Audit;
import io.sluice.bench.audit.AuditResult;
import io.sluice.bench.harness.Deadline;
import io.sluice.bench.harness.LoadRun;
import io.sluice.bench.harness.ServiceLedgers;
import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.Latencies;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.query.WriterStatus;
import io.sluice.query.Writers;
import io.sluice.schema.table.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * The store hangs under steady load, for as long as a round takes: nothing is refused, acks are as
 * fast as before, rows go to the log as memory runs short; when the store is back they are all
 * persisted, each once, while the load goes on.
 */
final class OutageFigure implements Figure {

  /** So little memory that it spills within seconds; the log may be as large as it is shipped. */
  private static final List<String> SETTINGS =
      List.of(
          "--memory.max-bytes=64MiB",
          "--wal.segment-bytes=16MiB", // so that a release waits for no more than that
          "--seal.late=10s",
          "--seal.soon=5s",
          "--checkpoint.every=5s",
          "--read.grace=5s");

  private static final int CONNECTIONS = 8;
  private static final int BATCH = 512;
  private static final double STEADY = 0.5;
  private static final double MOST_RATE = 20_000; // ten minutes of it fit into the log
  private static final double LONGEST_BEFORE_SECONDS = 120;
  private static final double SLOWER = 1.5;
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration ANSWERS = Duration.ofMinutes(2);
  private static final Duration DRAINED = Duration.ofHours(1);
  private static final long POLL_MILLIS = 100;

  private final List<Path> acks = new ArrayList<>();
  private long acked;

  /** What there was when the store came back, and how long it took until that was persisted. */
  private record Drain(
      WriterStatus outage, double persistedSeconds, double releasedSeconds, Latencies fresh) {}

  @Override
  public String name() {
    return "outage";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    StoreSwitch store = new StoreSwitch(directory);
    try (SluiceBox box = new SluiceBox(directory, SETTINGS, store.wiring());
        BufferAllocator allocator = new RootAllocator();
        Writers writers = Writers.at(List.of(box.flight()), allocator)) {
      box.start();
      CheckedLoad load = new CheckedLoad(box);
      LoadReport peak = sent(load, options(box, 0, seconds(effort.endToEndWarmupSeconds())));
      double rate = Math.min(MOST_RATE, peak.recordsPerSecond() * STEADY);
      Duration before = seconds(Math.min(LONGEST_BEFORE_SECONDS, effort.endToEndSeconds()));
      LoadReport without = sent(load, options(box, rate, before));
      store.hang();
      LoadReport stalled = sent(load, options(box, rate, seconds(effort.endToEndSeconds())));
      LoadOptions meanwhile = options(box, rate, DRAINED);
      try (LoadRun running = LoadRun.start(meanwhile)) {
        Drain drain = drain(box, writers, store, running);
        running.finish();
        LoadReport draining = running.report();
        acked += draining.acked();
        requireLedgers(box);
        Memory memory = Memory.of(box);
        writers.flush(box.flight());
        AuditResult audit = Audit.run(acks, box.target());
        requireLedgers(box);
        box.stop();
        return ratios(rate, without, stalled, drain, draining, audit, memory);
      }
    }
  }

  /** The load goes on; the store is back from here on. */
  private static Drain drain(SluiceBox box, Writers writers, StoreSwitch store, LoadRun running)
      throws Exception {
    running.awaitFirstAck();
    requireLedgers(box);
    try (FollowReader reader = FollowReader.start(box.flight(), running.options().run())) {
      reader.awaitOpen();
      WriterStatus outage = writers.status(box.flight());
      store.answer();
      long began = System.nanoTime();
      awaiting(running, "the outage's rows in tables", () -> persisted(writers, box, outage));
      double persisted = (System.nanoTime() - began) / 1e9;
      awaiting(running, "the log's release", () -> released(writers, box, outage));
      double released = (System.nanoTime() - began) / 1e9;
      return new Drain(outage, persisted, released, reader.latencies());
    }
  }

  @FunctionalInterface
  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void awaiting(LoadRun running, String what, Condition condition) throws Exception {
    Deadline end = Deadline.in(DRAINED, Duration.ZERO);
    while (!condition.holds()) {
      running.check();
      end.check(what);
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static boolean persisted(Writers writers, SluiceBox box, WriterStatus outage)
      throws Exception {
    return writers.status(box.flight()).tables().stream()
        .allMatch(
            table -> table.hotRows() == 0 || table.persistedPosition() >= outage.log().applied());
  }

  /** It has then given up all that the outage made it keep. */
  private static boolean released(Writers writers, SluiceBox box, WriterStatus outage)
      throws Exception {
    return writers.status(box.flight()).log().first() > outage.log().applied();
  }

  private static void requireLedgers(SluiceBox box) throws Exception {
    try (ServiceLedgers ledgers = new ServiceLedgers(box.flights(), box.acceptorStatus())) {
      List<String> faults = new ArrayList<>(ledgers.writers());
      faults.addAll(ledgers.acceptor());
      if (!faults.isEmpty()) {
        throw new IOException("cannot count a run: " + faults);
      }
    }
  }

  private List<Ratio> ratios(
      double rate,
      LoadReport without,
      LoadReport stalled,
      Drain drain,
      LoadReport draining,
      AuditResult audit,
      Memory memory) {
    double before = without.latencies().millis(0.99);
    double during = stalled.latencies().millis(0.99);
    WriterStatus outage = drain.outage();
    long logged = outage.tables().stream().mapToLong(WriterStatus.TableStatus::loggedRows).sum();
    long hot = outage.tables().stream().mapToLong(WriterStatus.TableStatus::hotRows).sum();
    return List.of(
        Ratio.atMost(
            "ack p99 while the store is stalled / p99 without",
            during / before,
            SLOWER,
            told(
                "%.1f ms in %.0f s / %.1f ms in %.0f s, at %,.0f spans/s; max %.0f / %.0f ms",
                during,
                stalled.seconds(),
                before,
                without.seconds(),
                rate,
                stalled.latencies().maxMillis(),
                without.latencies().maxMillis())),
        Ratio.atMost(
            "requests refused, tried again or never sent while it is stalled",
            (double) (stalled.retries() + stalled.neverAcked()),
            0,
            told(
                "%,d spans acked; then %,d rows not persisted, %,d of them in the log only; log %,d"
                    + " MiB, full in %,d s (-1 = never)",
                stalled.acked(),
                hot,
                logged,
                outage.log().usedBytes() >> 20,
                outage.log().secondsToFull())),
        Ratio.atMost(
            "records lost or doubled",
            (double) (audit.lost() + audit.duplicated() + Math.abs(audit.acked() - acked)),
            0,
            told("%,d acked, all audited in the tables", audit.acked())),
        Ratio.plain(
            "from the store's return until all that is persisted, s",
            drain.persistedSeconds(),
            told(
                "and %.0f s until the log is released; meanwhile at %,.0f spans/s ack p99 %.1f ms,"
                    + " %d retries, arrival to readable p99 %.1f ms",
                drain.releasedSeconds(),
                rate,
                draining.latencies().millis(0.99),
                draining.retries(),
                drain.fresh().millis(0.99))),
        memory.acceptor(),
        memory.writer());
  }

  private LoadReport sent(CheckedLoad load, LoadOptions options) throws Exception {
    LoadReport report = load.send(options);
    acked += report.acked();
    return report;
  }

  private LoadOptions options(SluiceBox box, double rate, Duration length) {
    long run = acks.size() + 1L;
    Path notes = box.directory().resolve("acks-" + run);
    acks.add(Objects.requireNonNull(notes));
    return new LoadOptions(
        Set.of(Signal.TRACES),
        rate,
        length,
        Long.MAX_VALUE,
        CONNECTIONS,
        false,
        box.grpc(),
        run,
        run,
        BATCH,
        notes,
        false,
        TIMEOUT,
        ANSWERS);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1_000));
  }

  private static String told(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }
}
