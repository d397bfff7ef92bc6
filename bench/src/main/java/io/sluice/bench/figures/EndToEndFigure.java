package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.Latencies;
import io.sluice.bench.load.Load;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.bench.load.Timing;
import io.sluice.schema.table.Signal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Load, Acceptor and Writer on this machine: acked, fsynced spans a second, and how fresh. */
final class EndToEndFigure implements Figure {

  private static final int CONNECTIONS = 8;
  private static final int BATCH = 512;
  private static final double FRESH_SHARE = 0.5;
  private static final Duration ANSWERS = Duration.ofSeconds(60);

  private long runs;

  @Override
  public String name() {
    return "e2e";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      LoadReport last = load(box, 0, effort.endToEndWarmupSeconds());
      List<Double> rates = new ArrayList<>();
      List<String> cores = new ArrayList<>();
      for (int i = 0; i < effort.endToEndRounds(); i++) {
        CpuUse before = CpuUse.of(box);
        last = load(box, 0, effort.endToEndSeconds());
        rates.add(last.recordsPerSecond());
        cores.add(CpuUse.of(box).since(before));
      }
      double rate = Rounds.median(rates);
      List<Ratio> ratios = new ArrayList<>();
      ratios.add(
          Ratio.atLeast(
              "acked fsynced spans/s, 8 connections", rate, 60_000, told(rates, cores, last)));
      ratios.addAll(freshness(box, rate * FRESH_SHARE, effort.endToEndSeconds()));
      box.stop();
      return ratios;
    }
  }

  private static String told(List<Double> rates, List<String> cores, LoadReport last) {
    return String.format(
        Locale.ROOT,
        "median of %s; %.0f bytes a span; ack p50 %.1f ms, p99 %.1f ms; cores in use: %s",
        rates.stream().map(rate -> String.format(Locale.ROOT, "%.0f", rate)).toList(),
        (double) last.bytes() / Math.max(1, last.acked()),
        last.latencies().millis(0.5),
        last.latencies().millis(0.99),
        cores.get(cores.size() - 1));
  }

  private List<Ratio> freshness(SluiceBox box, double rate, double seconds) throws Exception {
    long run = ++runs;
    try (FollowReader reader = FollowReader.start(box.flight(), run)) {
      reader.awaitOpen();
      LoadReport sent = load(box, run, rate, seconds);
      reader.awaitCount(sent.acked());
      Latencies latencies = reader.latencies();
      return List.of(
          Ratio.atMost(
              String.format(Locale.ROOT, "arrival to readable, p99 ms, at %,.0f spans/s", rate),
              latencies.millis(0.99),
              100,
              String.format(
                  Locale.ROOT,
                  "p50 %.1f ms, max %.1f ms of %,d spans, from before sending to a following read",
                  latencies.millis(0.5),
                  latencies.maxMillis(),
                  latencies.count())));
    }
  }

  private LoadReport load(SluiceBox box, double rate, double seconds) throws Exception {
    return load(box, ++runs, rate, seconds);
  }

  private LoadReport load(SluiceBox box, long run, double rate, double seconds) throws Exception {
    LoadOptions options =
        new LoadOptions(
            Set.of(Signal.TRACES),
            rate,
            Duration.ofMillis((long) (seconds * 1_000)),
            Long.MAX_VALUE,
            CONNECTIONS,
            false,
            box.grpc(),
            run,
            run,
            BATCH,
            null,
            false,
            Duration.ofSeconds(10),
            ANSWERS);
    LoadReport report = new Load(options, Timing.system(), null).run();
    if (report.acked() == 0) {
      throw new IllegalStateException("nothing was acked: " + report.lastError());
    }
    return report;
  }
}
