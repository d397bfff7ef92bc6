package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import java.time.Duration;
import java.util.Locale;

/**
 * CPU time of the three processes at one moment.
 *
 * @param cores of the machine
 */
record CpuUse(long nanos, int cores, Duration load, Duration acceptor, Duration writer) {

  private static final double BUSY = 0.9;

  static CpuUse of(SluiceBox box) {
    return of(box, Runtime.getRuntime().availableProcessors());
  }

  /** The same, where this process may be pinned to some of so many. */
  static CpuUse of(SluiceBox box, int cores) {
    return new CpuUse(
        System.nanoTime(),
        cores,
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO),
        box.acceptor().cpu(),
        box.writer().cpu());
  }

  /** Cores in use since then, of how many, and whether they are what bounds. */
  String since(CpuUse before) {
    double wall = nanos - before.nanos;
    double ofLoad = load.minus(before.load).toNanos() / wall;
    double ofAcceptor = acceptor.minus(before.acceptor).toNanos() / wall;
    double ofWriter = writer.minus(before.writer).toNanos() / wall;
    double all = ofLoad + ofAcceptor + ofWriter;
    return String.format(
        Locale.ROOT,
        "load %.2f + acceptor %.2f + writer %.2f = %.2f of %d cores (%s)",
        ofLoad,
        ofAcceptor,
        ofWriter,
        all,
        cores,
        all >= BUSY * cores ? "bound by CPU" : "not bound by CPU: by the disk, or others' work");
  }
}
