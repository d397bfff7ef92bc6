package io.sluice.writer.persist;

import io.sluice.wal.LogUsage;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a log that is not released has room for long enough: what it holds must be persisted
 * before it is full, and that takes a while, too. Safe for any thread.
 */
public final class LogRoom {

  /** Of what there is. The first tenants are refused at half of that. */
  private static final int LAST_PART = 4;

  private static final Duration ENOUGH = Duration.ofSeconds(30);

  /** Less tells of a burst. */
  private static final Duration KNOWN = Duration.ofSeconds(3);

  private final Supplier<LogUsage> usage;
  private final LongSupplier nanos;
  private long since; // guarded by this
  private TimeToFull full; // guarded by this

  /**
   * @param nanos a monotonic clock
   */
  public LogRoom(Supplier<LogUsage> usage, LongSupplier nanos) {
    this.usage = usage;
    this.nanos = nanos;
    this.since = nanos.getAsLong();
    this.full = timeToFull();
  }

  private TimeToFull timeToFull() {
    return new TimeToFull(() -> usage.get().roomBytes(), nanos);
  }

  /** It may not be released from now on: how fast it filled before says nothing. */
  public synchronized void begin() {
    since = nanos.getAsLong();
    full = timeToFull();
    full.look();
  }

  /** Why it must be released, behind its name; null if it need not be. */
  public synchronized @Nullable String pressing() {
    LogUsage now = usage.get();
    long all = now.usedBytes() + now.roomBytes();
    if (now.roomBytes() < all / LAST_PART) {
      return "takes %d of %d bytes (wal.max-bytes, or what the disk has)"
          .formatted(now.usedBytes(), all);
    }
    long seconds = full.seconds();
    boolean isKnown = nanos.getAsLong() - since >= KNOWN.toNanos();
    return isKnown && seconds >= 0 && seconds < ENOUGH.toSeconds()
        ? "would be full in %d s (wal.max-bytes, or what the disk has)".formatted(seconds)
        : null;
  }
}
