package io.sluice.bench.figures;

import io.sluice.bench.load.LoadReport;
import java.util.Locale;

/**
 * CPU time of Acceptor and Writer for one load's records, all of them persisted by its end.
 *
 * @param acceptorMicros of one record
 * @param writerMicros of one record
 * @param ackMillis the acks' p99
 */
record Cost(double acceptorMicros, double writerMicros, long records, double ackMillis) {

  static Cost of(LoadReport report, CpuUse before, CpuUse after) {
    return new Cost(
        after.acceptor().minus(before.acceptor()).toNanos() / 1e3 / report.acked(),
        after.writer().minus(before.writer()).toNanos() / 1e3 / report.acked(),
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
        "%.2f µs (Acceptor %.2f, Writer %.2f)",
        micros(),
        acceptorMicros,
        writerMicros);
  }
}
