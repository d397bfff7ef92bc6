package io.sluice.bench.audit;

import io.sluice.bench.record.Shape;
import org.jspecify.annotations.Nullable;

/** One request of a ledger, and which of its records were seen in the tables. */
final class SentRequest {

  private final Shape shape;
  private final long[] seen;
  private long acked;
  private @Nullable Sample sample;

  SentRequest(Shape shape) {
    this.shape = shape;
    this.seen = new long[(shape.records() + 63) / 64];
  }

  Shape shape() {
    return shape;
  }

  void acked(long records) {
    acked = records;
  }

  long acked() {
    return acked;
  }

  void sample(Sample noted) {
    sample = noted;
  }

  /** What is known of this record's content; null if nothing is. */
  @Nullable Sample sample(int ordinal) {
    return sample != null && sample.ordinal() == ordinal ? sample : null;
  }

  /** Whether this is the record's first sight. */
  boolean see(int ordinal) {
    long bit = 1L << ordinal;
    boolean first = (seen[ordinal >>> 6] & bit) == 0;
    seen[ordinal >>> 6] |= bit;
    return first;
  }

  boolean wasSeen(int ordinal) {
    return (seen[ordinal >>> 6] & 1L << ordinal) != 0;
  }

  int seenCount() {
    int count = 0;
    for (long word : seen) {
      count += Long.bitCount(word);
    }
    return count;
  }
}
