package io.sluice.bench.torture.sdk;

import java.util.concurrent.atomic.AtomicLong;

/** What became of the records of one protocol. Any thread. */
public final class SdkCounts {

  final AtomicLong made = new AtomicLong();
  final AtomicLong exported = new AtomicLong();
  final AtomicLong acked = new AtomicLong();
  final AtomicLong failed = new AtomicLong();

  /** Records whose export succeeded. */
  public long acked() {
    return acked.get();
  }

  /** Once all is closed. */
  @Override
  public String toString() {
    return "made %d, acked %d, given up after retries %d, dropped from the SDK's own full queue %d"
        .formatted(made.get(), acked.get(), failed.get(), made.get() - exported.get());
  }
}
