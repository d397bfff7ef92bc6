package io.sluice.writer.intake;

import io.sluice.schema.service.DrainRate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * Bytes that were read from streams and are not yet applied, bounded over all streams. Guarded by
 * its monitor; nobody waits in it: who is refused comes again.
 *
 * <p>A large message would come again for ever while small ones fill every gap. So after it was
 * refused, room is held for it for a while, and others are refused instead.
 */
final class IntakeBudget {

  private static final int LARGE_PART = 4;

  /** Many group commits, and not much longer than a burst. */
  private static final Duration RATE_MEMORY = Duration.ofSeconds(5);

  /** Longer than the sender of a refused message pauses. */
  private static final Duration HOLD = Duration.ofSeconds(1);

  private final long limitBytes;
  private final InstantSource clock;
  private final DrainRate drained;
  private long used;
  private long held;
  private Instant heldSince = Instant.MIN;

  IntakeBudget(long limitBytes, InstantSource clock, LongSupplier nanoClock) {
    this.limitBytes = limitBytes;
    this.clock = clock;
    this.drained = new DrainRate(nanoClock, RATE_MEMORY);
  }

  /** False if it would pass the limit. A message larger than the limit is let in alone. */
  synchronized boolean take(long bytes) {
    long needed = Math.min(bytes, limitBytes);
    if (missing(needed) > 0) {
      if (needed > limitBytes / LARGE_PART && (!isHeld() || needed >= held)) {
        held = needed;
        heldSince = clock.instant();
      }
      return false;
    }
    used += bytes;
    if (needed >= held) {
      held = 0;
    }
    return true;
  }

  /** When so many bytes may be there that were refused just now. */
  synchronized int retryMillis(long bytes) {
    return drained.millisUntilFreed(missing(Math.min(bytes, limitBytes)));
  }

  private long missing(long needed) {
    long forOther = isHeld() && needed < held ? held : 0;
    return needed + forOther - (limitBytes - used);
  }

  /** A clock that jumps, either way, only ends it. */
  private boolean isHeld() {
    Instant now = clock.instant();
    return held > 0 && !now.isBefore(heldSince) && now.isBefore(heldSince.plus(HOLD));
  }

  synchronized void giveBack(long bytes) {
    used -= bytes;
    drained.freed(bytes);
  }

  synchronized long usedBytes() {
    return used;
  }
}
