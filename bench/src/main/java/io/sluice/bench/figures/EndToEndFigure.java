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
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Load, Acceptor and Writer on this machine: acked, fsynced spans a second, and how fresh. */
final class EndToEndFigure implements Figure {

  private static final double FRESH_SHARE = 0.5;

  @Override
  public String name() {
    return "e2e";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    try (SluiceBox box = new SluiceBox(directory, List.of())) {
      box.start();
      BoxLoad load = new BoxLoad(box);
      load.traces(0, effort.endToEndWarmupSeconds());
      List<Double> rates = new ArrayList<>();
      List<String> cores = new ArrayList<>();
      @Nullable LoadReport last = null;
      for (int i = 0; i < effort.endToEndRounds(); i++) {
        CpuUse before = CpuUse.of(box);
        LoadOptions options = load.options(Signal.TRACES, 0, effort.endToEndSeconds());
        last = load.send(options);
        cores.add(CpuUse.of(box).since(before));
        load.audit(options, last);
        rates.add(last.recordsPerSecond());
      }
      double rate = Rounds.median(rates);
      List<Ratio> ratios = new ArrayList<>();
      ratios.add(
          Ratio.atLeast(
              "acked fsynced spans/s, 8 connections",
              rate,
              60_000,
              told(rates, cores, Objects.requireNonNull(last))));
      ratios.add(freshness(box, load, rate * FRESH_SHARE, effort.endToEndSeconds()));
      box.stop();
      return ratios;
    }
  }

  private static String told(List<Double> rates, List<String> cores, LoadReport last) {
    return String.format(
        Locale.ROOT,
        "median of %s; %.0f bytes a span; ack p50 %.1f ms, p99 %.1f ms, all audited; %s",
        rates.stream().map(rate -> String.format(Locale.ROOT, "%.0f", rate)).toList(),
        (double) last.bytes() / Math.max(1, last.acked()),
        last.latencies().millis(0.5),
        last.latencies().millis(0.99),
        cores.get(cores.size() - 1));
  }

  private static Ratio freshness(SluiceBox box, BoxLoad load, double rate, double seconds)
      throws Exception {
    LoadOptions options = load.options(Signal.TRACES, rate, seconds);
    try (FollowReader reader = FollowReader.start(box.flight(), options.run())) {
      reader.awaitOpen();
      LoadReport sent = load.send(options);
      reader.awaitCount(sent.acked());
      Latencies latencies = reader.latencies();
      load.audit(options, sent);
      return Ratio.atMost(
          String.format(Locale.ROOT, "arrival to readable, p99 ms, at %,.0f spans/s", rate),
          latencies.millis(0.99),
          100,
          String.format(
              Locale.ROOT,
              "p50 %.1f ms, max %.1f ms of %,d spans, from before sending to a following read;"
                  + " ack from due p99 %.1f ms, %d requests never sent",
              latencies.millis(0.5),
              latencies.maxMillis(),
              latencies.count(),
              sent.latencies().millis(0.99),
              sent.unsent()));
    }
  }
}
