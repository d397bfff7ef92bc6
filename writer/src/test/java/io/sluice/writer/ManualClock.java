package io.sluice.writer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** A clock that stands until it is moved: monotonic nanos, and the wall clock that goes along. */
public final class ManualClock implements LongSupplier, InstantSource {

  private final AtomicLong nanos = new AtomicLong(1_000);

  public void advance(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Override
  public long getAsLong() {
    return nanos.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochSecond(HotSpans.NOW / 1_000_000).plusNanos(nanos.get());
  }
}
