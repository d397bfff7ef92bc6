package io.sluice.bench.figures;

import io.sluice.bench.harness.SluiceBox;
import io.sluice.bench.load.LoadReport;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * CPU time of Acceptor and Writer for one load's records, all of them persisted by its end.
 *
 * @param acceptorMicros of one record
 * @param writerMicros of one record
 * @param compilerMicros of both: of the JVMs' compilers
 * @param ackMillis the acks' p99
 */
record Cost(
    double acceptorMicros,
    double writerMicros,
    double compilerMicros,
    long records,
    double ackMillis) {

  /** What both used until one moment. */
  record Moment(CpuUse cpu, CompilerTimes compilers) {

    static Moment of(SluiceBox box) throws IOException {
      return new Moment(CpuUse.of(box), CompilerTimes.of(List.of(box.acceptor(), box.writer())));
    }
  }

  static Cost of(LoadReport report, Moment before, Moment after) {
    double records = report.acked();
    return new Cost(
        after.cpu.acceptor().minus(before.cpu.acceptor()).toNanos() / 1e3 / records,
        after.cpu.writer().minus(before.cpu.writer()).toNanos() / 1e3 / records,
        after.compilers.millisSince(before.compilers) * 1e3 / records,
        report.acked(),
        report.latencies().millis(0.99));
  }

  double micros() {
    return acceptorMicros + writerMicros;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%.2f µs (Acceptor %.2f, Writer %.2f; of these the JVMs' compilers %.2f)",
        micros(),
        acceptorMicros,
        writerMicros,
        compilerMicros);
  }
}
