package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import java.time.Duration;
import java.util.Locale;

/** CPU time of the three processes at one moment. */
record CpuUse(long nanos, Duration load, Duration acceptor, Duration writer) {

  static CpuUse of(SluiceBox box) {
    return new CpuUse(
        System.nanoTime(),
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO),
        box.acceptor().cpu(),
        box.writer().cpu());
  }

  /** Cores in use since then, of how many. */
  String since(CpuUse before) {
    double wall = nanos - before.nanos;
    return String.format(
        Locale.ROOT,
        "load %.2f, acceptor %.2f, writer %.2f of %d",
        load.minus(before.load).toNanos() / wall,
        acceptor.minus(before.acceptor).toNanos() / wall,
        writer.minus(before.writer).toNanos() / wall,
        Runtime.getRuntime().availableProcessors());
  }
}
