package io.sluice.writer.intake;

import io.sluice.schema.service.DrainRate;
import io.sluice.schema.service.FairShares;
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
 *
 * <p>Once half of it is used, neither an Acceptor nor a tenant may hold more than its equal part:
 * one who floods is refused, and the others find room.
 */
final class IntakeBudget {

  private static final int LARGE_PART = 4;
  private static final int CONTENDED_PART = 2;

  /** Many group commits, and not much longer than a burst. */
  private static final Duration RATE_MEMORY = Duration.ofSeconds(5);

  /** Longer than the sender of a refused message pauses. */
  private static final Duration HOLD = Duration.ofSeconds(1);

  private final long limitBytes;
  private final InstantSource clock;
  private final DrainRate drained;
  private final FairShares acceptors;
  private final FairShares tenants;
  private long used;
  private long held;
  private Instant heldSince = Instant.MIN;

  IntakeBudget(long limitBytes, InstantSource clock, LongSupplier nanoClock) {
    this.limitBytes = limitBytes;
    this.clock = clock;
    this.drained = new DrainRate(nanoClock, RATE_MEMORY);
    this.acceptors = new FairShares(nanoClock);
    this.tenants = new FairShares(nanoClock);
  }

  /**
   * False if it would pass the limit, or the sender's part of it. A message larger than the limit
   * is let in alone.
   */
  synchronized boolean take(Sender sender, long bytes) {
    long needed = Math.min(bytes, limitBytes);
    if (missing(needed) > 0) {
      wants(sender);
      if (needed > limitBytes / LARGE_PART && (!isHeld() || needed >= held)) {
        held = needed;
        heldSince = clock.instant();
      }
      return false;
    }
    if (unfair(sender, needed) > 0) {
      wants(sender);
      return false;
    }
    used += bytes;
    acceptors.take(sender.acceptor(), bytes);
    tenants.take(sender.tenant(), bytes);
    if (needed >= held) {
      held = 0;
    }
    return true;
  }

  /** When so many bytes of the sender may be there that were refused just now. */
  synchronized int retryMillis(Sender sender, long bytes) {
    long needed = Math.min(bytes, limitBytes);
    return drained.millisUntilFreed(Math.max(missing(needed), unfair(sender, needed)));
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

  private long unfair(Sender sender, long needed) {
    return used + needed <= limitBytes / CONTENDED_PART
        ? 0
        : Math.max(
            acceptors.excess(sender.acceptor(), needed, limitBytes),
            tenants.excess(sender.tenant(), needed, limitBytes));
  }

  private void wants(Sender sender) {
    acceptors.wants(sender.acceptor());
    tenants.wants(sender.tenant());
  }

  synchronized void giveBack(Sender sender, long bytes) {
    if (bytes == 0) {
      return; // of a message that had taken nothing yet
    }
    used -= bytes;
    acceptors.giveBack(sender.acceptor(), bytes);
    tenants.giveBack(sender.tenant(), bytes);
    drained.freed(bytes);
  }

  synchronized long usedBytes() {
    return used;
  }
}
