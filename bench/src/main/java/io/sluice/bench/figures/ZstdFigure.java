package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What {@code forward.zstd} costs and saves: two boxes, in turn at one rate far below the peak, and
 * at full speed.
 */
final class ZstdFigure implements Figure {

  private static final double WARM = 2;
  private static final double RATE = 40_000;

  /** Messages to the Writer, which are the log's records as they are. */
  private static final String SENT = "sluice_forward_sent_bytes_total";

  /** What one box took, a round each. */
  private static final class Side {
    final SluiceBox box;
    final BoxLoad load;
    final List<Double> acceptor = new ArrayList<>();
    final List<Double> writer = new ArrayList<>();
    final List<Double> logged = new ArrayList<>();
    final List<Double> millis = new ArrayList<>();
    final List<Double> rates = new ArrayList<>();

    Side(SluiceBox box) {
      this.box = box;
      this.load = new BoxLoad(box);
    }

    void round(double seconds) throws Exception {
      load.settle();
      CpuUse before = CpuUse.of(box);
      double sentBefore = box.acceptor().metric(SENT);
      LoadReport report = load.traces(RATE, seconds);
      double sent = box.acceptor().metric(SENT) - sentBefore;
      load.settle();
      CpuUse after = CpuUse.of(box);
      double acked = report.acked();
      acceptor.add(after.acceptor().minus(before.acceptor()).toNanos() / acked);
      writer.add(after.writer().minus(before.writer()).toNanos() / acked);
      logged.add(sent / report.bytes());
      millis.add(report.latencies().millis(0.99));
      rates.add(load.traces(0, seconds).recordsPerSecond());
    }
  }

  @Override
  public String name() {
    return "zstd";
  }

  @Override
  public List<Ratio> measure(Effort effort, Path directory) throws Exception {
    Path plainAt = Files.createDirectory(directory.resolve("plain"));
    Path zstdAt = Files.createDirectory(directory.resolve("zstd"));
    List<String> flags = List.of("--forward.zstd=true");
    try (SluiceBox plainBox = new SluiceBox(plainAt, List.of());
        SluiceBox zstdBox =
            new SluiceBox(zstdAt, List.of(), SluiceBox.Wiring.SHIPPED.accepting(flags))) {
      plainBox.start();
      zstdBox.start();
      Side plain = new Side(plainBox);
      Side zstd = new Side(zstdBox);
      plain.load.traces(0, WARM * effort.endToEndWarmupSeconds());
      zstd.load.traces(0, WARM * effort.endToEndWarmupSeconds());
      for (int i = 0; i < effort.endToEndRounds(); i++) {
        zstd.round(effort.endToEndSeconds());
        plain.round(effort.endToEndSeconds());
      }
      zstdBox.stop();
      plainBox.stop();
      String at = String.format(Locale.ROOT, "at %,.0f spans/s, all audited", RATE);
      return List.of(
          Ratio.plain(
              "bytes of log (and of the wire) a byte of OTLP, zstd / plain",
              ratio(zstd.logged, plain.logged),
              sides("%.3f / %.3f bytes", zstd.logged, plain.logged)),
          Ratio.plain(
              "Acceptor's CPU a span, zstd / plain",
              ratio(zstd.acceptor, plain.acceptor),
              sides("%.0f / %.0f ns, ", zstd.acceptor, plain.acceptor) + at),
          Ratio.plain(
              "Writer's CPU a span, zstd / plain",
              ratio(zstd.writer, plain.writer),
              sides("%.0f / %.0f ns, Parquet included", zstd.writer, plain.writer)),
          Ratio.plain(
              "ack p99, zstd / plain",
              ratio(zstd.millis, plain.millis),
              sides("%.1f / %.1f ms, ", zstd.millis, plain.millis) + at),
          Ratio.plain(
              "accepted at full speed, zstd / plain",
              ratio(zstd.rates, plain.rates),
              sides("%,.0f / %,.0f spans/s", zstd.rates, plain.rates)));
    }
  }

  private static double ratio(List<Double> ours, List<Double> reference) {
    Rounds rounds = new Rounds();
    for (int i = 0; i < ours.size(); i++) {
      rounds.add(ours.get(i), reference.get(i));
    }
    return rounds.ratio();
  }

  private static String sides(String format, List<Double> ours, List<Double> reference) {
    return String.format(Locale.ROOT, format, Rounds.median(ours), Rounds.median(reference));
  }
}
