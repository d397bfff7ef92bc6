package io.sluice.bench.hostile;

import io.sluice.bench.load.Latencies;
import io.sluice.bench.load.LoadReport;
import java.util.List;
import java.util.Locale;

/**
 * What honest clients saw in one phase, and what the Acceptor took for it.
 *
 * @param name of the phase
 * @param reports of all honest clients
 * @param cores that the Acceptor kept busy
 */
public record Phase(
    String name, List<LoadReport> reports, AcceptorWatch.Peaks acceptor, double cores) {

  private static final double P99 = 0.99;
  private static final int MIB = 1 << 20;

  /** Records acked. */
  public long acked() {
    return reports.stream().mapToLong(LoadReport::acked).sum();
  }

  /** Records that were refused, or never answered. */
  public long failed() {
    return reports.stream().mapToLong(report -> report.refused() + report.unknown()).sum();
  }

  /** Requests without an ack, those among them that found no free connection in their time. */
  public long neverAcked() {
    return reports.stream().mapToLong(LoadReport::neverAcked).sum();
  }

  /**
   * From when a request was due to its ack; a request that was never acked is slower than all
   * others.
   */
  public double p99Millis() {
    return quantileMillis(P99);
  }

  public long bytesInFlight() {
    return acceptor.bytesInFlight();
  }

  public long residentBytes() {
    return acceptor.residentBytes();
  }

  private double quantileMillis(double quantile) {
    Latencies all = latencies();
    double acked = quantile * (all.count() + neverAcked()) / Math.max(1, all.count());
    return acked > 1 ? Double.POSITIVE_INFINITY : all.millis(acked);
  }

  private Latencies latencies() {
    Latencies all = new Latencies();
    reports.forEach(report -> all.addAll(report.latencies()));
    return all;
  }

  /** In one line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %,d records acked, %d refused or unanswered, %d requests never acked, %d retries, ack ms p50"
            + " %.1f p99 %.1f max %.1f (gRPC p99 %.1f, HTTP p99 %.1f); Acceptor %.2f cores, RSS %d"
            + " MiB, in flight %.1f MiB and %d requests, %d threads%s",
        name,
        acked(),
        failed(),
        neverAcked(),
        reports.stream().mapToLong(LoadReport::retries).sum(),
        quantileMillis(0.5),
        p99Millis(),
        latencies().maxMillis(),
        reports.get(0).latencies().millis(P99),
        reports.get(1).latencies().millis(P99),
        cores,
        residentBytes() / MIB,
        (double) bytesInFlight() / MIB,
        acceptor.requests(),
        acceptor.threads(),
        acceptor.blindLooks() > 0 ? ", " + acceptor.blindLooks() + " looks in vain" : "");
  }
}
