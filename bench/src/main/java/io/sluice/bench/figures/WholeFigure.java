package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.load.LoadReport;
import io.sluice.schema.table.Signal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Load, Acceptor and Writer on this machine, warm: what is acked and forced over a long time while
 * it is persisted, of each signal.
 */
final class WholeFigure implements Figure {

  /** Times as long as others warm up: compilers take a third of two processors until then. */
  private static final double WARM = 2;

  private static final double SPANS = 150_000;
  private static final double MEGABYTES = 90;
  private static final double BYTES_PER_MB = 1e6;

  /** Of all but the spans that are sustained, which alone may go on for longer. */
  private static final double MOST_SECONDS = 60;

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
      double seconds = Math.min(effort.endToEndSeconds(), MOST_SECONDS);
      List<Ratio> ratios = new ArrayList<>();
      sustained(box, load, effort.endToEndSeconds(), ratios);
      for (Signal signal : List.of(Signal.LOGS, Signal.METRICS)) {
        load.measured(load.options(signal, 0, effort.endToEndWarmupSeconds()));
        ratios.add(bytes(box, load, signal, seconds));
      }
      box.stop();
      return ratios;
    }
  }

  private static void sustained(SluiceBox box, BoxLoad load, double seconds, List<Ratio> ratios)
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
}
