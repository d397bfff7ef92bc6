package io.sluice.bench.load;

/**
 * Counts of durations in buckets that are at most 1/32 wide: 1 µs to hours in 1,200 counters. Owned
 * by one thread until it is added to another.
 */
public final class Latencies {

  private static final int STEPS = 32;
  private static final int BUCKETS = 40 * STEPS;

  private final long[] counts = new long[BUCKETS];
  private long total;
  private long maxNanos;

  public void add(long nanos) {
    counts[bucket(nanos)]++;
    total++;
    maxNanos = Math.max(maxNanos, nanos);
  }

  public void addAll(Latencies other) {
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
    maxNanos = Math.max(maxNanos, other.maxNanos);
  }

  public long count() {
    return total;
  }

  /**
   * @param quantile 0 to 1
   * @return milliseconds, at most 1/32 too much; 0 if there is nothing
   */
  public double millis(double quantile) {
    long rank = Math.max(1, (long) Math.ceil(quantile * total));
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= rank && total > 0) {
        return Math.min(upperNanos(i), maxNanos) / 1e6;
      }
    }
    return 0;
  }

  public double maxMillis() {
    return maxNanos / 1e6;
  }

  private static int bucket(long nanos) {
    long micros = Math.max(0, nanos / 1_000) + STEPS;
    int power = 63 - Long.numberOfLeadingZeros(micros / STEPS);
    return Math.min(BUCKETS - 1, power * STEPS + (int) (micros >> power) - STEPS);
  }

  private static long upperNanos(int bucket) {
    int power = bucket / STEPS;
    return ((((long) (bucket % STEPS) + STEPS + 1) << power) - STEPS) * 1_000;
  }
}
