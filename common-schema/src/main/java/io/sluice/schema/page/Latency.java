package io.sluice.schema.page;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongConsumer;

/**
 * How long something took, each time, in buckets an eighth of an octave wide: what is read of it is
 * at most so much too high. Noting costs an atomic addition. Safe for any thread.
 */
public final class Latency {

  /** Up to 2^31 microseconds; what took longer is in the last. */
  static final int BUCKETS = 240;

  /** Nothing took any time. */
  static final long NONE = -1;

  private static final int PER_OCTAVE = 8;
  private static final int NANOS_PER_MICRO = 1_000;

  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS);
  private final LongConsumer also;

  /** Noted nowhere else. */
  public Latency() {
    this(nanos -> {});
  }

  /**
   * @param also told of the nanoseconds, too
   */
  public Latency(LongConsumer also) {
    this.also = also;
  }

  /** It took so long once more. */
  public void note(long nanos) {
    also.accept(nanos);
    counts.incrementAndGet(bucket(Math.max(0, nanos) / NANOS_PER_MICRO));
  }

  /** How often it took how long, since the start. */
  long[] counts() {
    long[] now = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      now[i] = counts.get(i);
    }
    return now;
  }

  /**
   * Microseconds within which this part of them ended; {@link #NONE} if there were none.
   *
   * @param part above 0, and 1 for all
   */
  static long quantile(long[] counts, double part) {
    long wanted = (long) Math.ceil(sum(counts) * part);
    long seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
      seen += counts[i];
      if (seen >= wanted && seen > 0) {
        return upperMicros(i);
      }
    }
    return NONE;
  }

  static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return sum;
  }

  /** What came between two looks. */
  static long[] between(long[] before, long[] after) {
    long[] more = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      more[i] = after[i] - before[i];
    }
    return more;
  }

  private static int bucket(long micros) {
    if (micros < PER_OCTAVE) {
      return (int) micros;
    }
    int octave = 63 - Long.numberOfLeadingZeros(micros);
    int part = (int) (micros >>> (octave - 3)) & (PER_OCTAVE - 1);
    return Math.min(BUCKETS - 1, (octave - 2) * PER_OCTAVE + part);
  }

  private static long upperMicros(int bucket) {
    if (bucket < PER_OCTAVE) {
      return bucket;
    }
    int octave = bucket / PER_OCTAVE + 2;
    return ((PER_OCTAVE + bucket % PER_OCTAVE + 1L) << (octave - 3)) - 1;
  }
}
