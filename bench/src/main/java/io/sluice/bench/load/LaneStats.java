package io.sluice.bench.load;

import java.util.Map;
import java.util.TreeMap;

/**
 * What one lane did. Written by the lane's thread; the counters of progress are volatile, the rest
 * is read when the thread has ended.
 */
final class LaneStats {

  final Latencies latencies = new Latencies();
  final Latencies answers = new Latencies();
  final Map<String, Long> errors = new TreeMap<>();
  long requests;
  long retries;
  long unhinted;
  long refused;
  long unknown;
  long unconnected;
  String lastRefusal = "";

  volatile long acked;
  volatile long ackedBytes;
  volatile long failedAttempts;
  volatile String lastError = "";

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  void acked(long records, long bytes, long nanos) {
    acked += records;
    ackedBytes += bytes;
    latencies.add(nanos);
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
  void failed(String code, String message) {
    errors.merge(code, 1L, Long::sum);
    lastError = code + ": " + message;
    failedAttempts++;
  }

  /** For good, which is the worse of the two: it is told first. */
  void refused(String code, String message) {
    failed(code, message);
    lastRefusal = code + ": " + message;
  }
}
