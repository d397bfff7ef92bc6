package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.Latencies;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Load, Acceptor and Writer on this machine, warm: what is acked and forced over a long time while
 * it is persisted, of each signal; how fresh a following read is, and what flushes do to acks.
 */
final class WholeFigure implements Figure {

  /** Times as long as others warm up: compilers take a third of two processors until then. */
  private static final double WARM = 2;

  private static final double SPANS = 150_000;
  private static final double MEGABYTES = 90;
  private static final double HALF = 0.5;
  private static final double FRESH_AT_HALF = 20;
  private static final double FRESH_AT_FULL = 100;
  private static final double SLOWER_BY_FLUSHES = 1.5;
  private static final double BYTES_PER_MB = 1e6;

  @Override
  public String name() {
    return "whole";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      BoxLoad load = new BoxLoad(box);
      load.traces(0, WARM * effort.endToEndWarmupSeconds());
      double seconds = effort.endToEndSeconds();
      List<Ratio> ratios = new ArrayList<>();
      double rate = sustained(box, load, seconds, ratios);
      for (Signal signal : List.of(Signal.LOGS, Signal.METRICS)) {
        load.measured(load.options(signal, 0, effort.endToEndWarmupSeconds()));
        ratios.add(bytes(box, load, signal, seconds));
      }
      load.settle();
      ratios.add(fresh(box, load, HALF * rate, seconds, FRESH_AT_HALF, "half load"));
      ratios.add(fresh(box, load, 0, seconds, FRESH_AT_FULL, "full load"));
      load.settle();
      ratios.addAll(flushes(box, load, HALF * rate, effort));
      box.stop();
      return ratios;
    }
  }

  private static double sustained(SluiceBox box, BoxLoad load, double seconds, List<Ratio> ratios)
      throws Exception {
    CpuUse before = CpuUse.of(box);
    LoadOptions options = load.options(Signal.TRACES, 0, seconds);
    LoadReport report = load.send(options);
    CpuUse after = CpuUse.of(box);
    load.audit(options, report);
    ratios.add(
        Ratio.atLeast(
            String.format(Locale.ROOT, "acked fsynced spans/s for %.0f s", seconds),
            report.recordsPerSecond(),
            SPANS,
            told(report, after.since(before))));
    ratios.add(
        Ratio.plain(
            "spans/s a core of the Acceptor",
            1e3 * report.acked() / after.acceptor().minus(before.acceptor()).toMillis(),
            "by the CPU time that it took meanwhile"));
    ratios.add(
        Ratio.plain(
            "spans/s a core of the Writer",
            1e3 * report.acked() / after.writer().minus(before.writer()).toMillis(),
            "the same; log, apply and Parquet"));
    return report.recordsPerSecond();
  }

  private static Ratio bytes(SluiceBox box, BoxLoad load, Signal signal, double seconds)
      throws Exception {
    CpuUse before = CpuUse.of(box);
    LoadOptions options = load.options(signal, 0, seconds);
    LoadReport report = load.send(options);
    String cores = CpuUse.of(box).since(before);
    load.audit(options, report);
    return Ratio.atLeast(
        "MB/s of OTLP " + signal.name().toLowerCase(Locale.ROOT),
        megabytes(report),
        MEGABYTES,
        String.format(Locale.ROOT, "%,.0f records/s; ", report.recordsPerSecond())
            + told(report, cores));
  }

  private static double megabytes(LoadReport report) {
    return report.recordsPerSecond() * report.bytes() / Math.max(1, report.acked()) / BYTES_PER_MB;
  }

  private static String told(LoadReport report, String cores) {
    return String.format(
        Locale.ROOT,
        "%.0f MB/s; ack p50 %.1f, p99 %.1f, max %.1f ms; audited; %s",
        megabytes(report),
        report.latencies().millis(0.5),
        report.latencies().millis(0.99),
        report.latencies().maxMillis(),
        cores);
  }

  private static Ratio fresh(
      SluiceBox box, BoxLoad load, double rate, double seconds, double most, String at)
      throws Exception {
    LoadOptions options = load.options(Signal.TRACES, rate, seconds);
    try (FollowReader reader = FollowReader.start(box.flight(), options.run())) {
      reader.awaitOpen();
      LoadReport sent = load.send(options);
      reader.awaitCount(sent.acked());
      Latencies latencies = reader.latencies();
      load.audit(options, sent);
      return Ratio.atMost(
          "arrival to readable, p99 ms, at " + at,
          latencies.millis(0.99),
          most,
          String.format(
              Locale.ROOT,
              "%,.0f spans/s; p50 %.1f, max %.1f ms of %,d spans; ack p99 %.1f ms",
              sent.recordsPerSecond(),
              latencies.millis(0.5),
              latencies.maxMillis(),
              latencies.count(),
              sent.latencies().millis(0.99)));
    }
  }

  /** At half load, in turn: with what is persisted anyway, and with one flush after the other. */
  private static List<Ratio> flushes(SluiceBox box, BoxLoad load, double rate, Effort effort)
      throws Exception {
    List<Double> slower = new ArrayList<>();
    List<Double> fresh = new ArrayList<>();
    List<String> sides = new ArrayList<>();
    for (int i = 0; i < effort.endToEndRounds(); i++) {
      LoadReport without = load.traces(rate, effort.endToEndSeconds());
      LoadOptions options = load.options(Signal.TRACES, rate, effort.endToEndSeconds());
      LoadReport with;
      int flushed;
      try (FollowReader reader = FollowReader.start(box.flight(), options.run());
          FlushLoop flushes = new FlushLoop(box.flight())) {
        reader.awaitOpen();
        with = load.send(options);
        flushed = flushes.done();
        reader.awaitCount(with.acked());
        fresh.add(reader.latencies().millis(0.99));
      }
      load.audit(options, with);
      slower.add(with.latencies().millis(0.99) / without.latencies().millis(0.99));
      sides.add(
          String.format(
              Locale.ROOT,
              "%.1f (%d flushes) / %.1f ms",
              with.latencies().millis(0.99),
              flushed,
              without.latencies().millis(0.99)));
    }
    return List.of(
        Ratio.atMost(
            "ack p99 at half load, beside flushes / without",
            Rounds.median(slower),
            SLOWER_BY_FLUSHES,
            "all audited: " + sides),
        Ratio.atMost(
            "arrival to readable, p99 ms, at half load beside flushes",
            Rounds.median(fresh),
            FRESH_AT_HALF,
            "in the same runs"));
  }
}
