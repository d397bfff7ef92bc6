package io.sluice.bench.load;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run did, over all lanes.
 *
 * @param seconds from the first request to the last answer
 * @param acked records the server said it has
 * @param bytes OTLP bytes of requests that were acked
 * @param refused records the server said it does not take
 * @param unknown records without a final answer: they may be stored, unless
 * @param unconnected of these never left, as there was no connection
 * @param unsent requests that were due and never sent, because no lane was free before the end
 * @param errors failed attempts by code
 * @param latencies of acked requests, from when they were due (at full speed: begun) to their ack
 * @param unhinted attempts to be made again for which the server, if any, did not say when
 * @param answers of all attempts, from when they were sent to whatever answer
 */
public record LoadReport(
    double seconds,
    long acked,
    long bytes,
    long requests,
    long retries,
    long refused,
    long unknown,
    long unconnected,
    long unsent,
    Map<String, Long> errors,
    String lastError,
    Latencies latencies,
    long unhinted,
    Latencies answers) {

  static LoadReport of(double seconds, long due, List<LaneStats> lanes) {
    Latencies latencies = new Latencies();
    Latencies answers = new Latencies();
    Map<String, Long> errors = new TreeMap<>();
    String lastError = "";
    for (LaneStats lane : lanes) {
      latencies.addAll(lane.latencies);
      answers.addAll(lane.answers);
      lane.errors.forEach((code, count) -> errors.merge(code, count, Long::sum));
      lastError = lane.lastError.isEmpty() ? lastError : lane.lastError;
    }
    for (LaneStats lane : lanes) {
      lastError = lane.lastRefusal.isEmpty() ? lastError : lane.lastRefusal;
    }
    long requests = lanes.stream().mapToLong(l -> l.requests).sum();
    return new LoadReport(
        seconds,
        lanes.stream().mapToLong(l -> l.acked).sum(),
        lanes.stream().mapToLong(l -> l.ackedBytes).sum(),
        requests,
        lanes.stream().mapToLong(l -> l.retries).sum(),
        lanes.stream().mapToLong(l -> l.refused).sum(),
        lanes.stream().mapToLong(l -> l.unknown).sum(),
        lanes.stream().mapToLong(l -> l.unconnected).sum(),
        Math.max(0, due - requests),
        errors,
        lastError,
        latencies,
        lanes.stream().mapToLong(l -> l.unhinted).sum(),
        answers);
  }

  public double recordsPerSecond() {
    return acked / seconds;
  }

  /** Requests that no percentile knows: refused, never answered, or never sent. */
  public long neverAcked() {
    return requests + unsent - latencies.count();
  }

  public void print(PrintStream out) {
    line(
        out,
        "acked %,d records in %.1f s: %,.0f records/s, %.1f MB/s of OTLP",
        acked,
        seconds,
        recordsPerSecond(),
        bytes / seconds / 1e6);
    line(
        out,
        "ack ms: p50 %.1f, p99 %.1f, max %.1f (from due to acked, %,d requests; %,d more never acked)",
        latencies.millis(0.5),
        latencies.millis(0.99),
        latencies.maxMillis(),
        latencies.count(),
        neverAcked());
    line(out, "requests %,d, retries %,d, refused records %,d", requests, retries, refused);
    line(
        out,
        "unknown %,d records (sent, never answered: they may be stored)",
        unknown - unconnected);
    if (unconnected > 0) {
      line(out, "not sent %,d records (there was no connection)", unconnected);
    }
    if (unsent > 0) {
      line(out, "unsent %,d requests (due before the end, but no connection was free)", unsent);
    }
    if (!errors.isEmpty()) {
      line(out, "failed attempts by code: %s; last: %s", errors, lastError);
    }
  }

  private static void line(PrintStream out, String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
  }
}
