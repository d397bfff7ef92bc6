package io.sluice.schema.service;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Who holds how much of one budget. Who holds some, or was refused a moment ago, counts, and each
 * who counts may hold an equal part: one who floods leaves the others theirs, and one who is alone
 * has it all. Guarded by the monitor of its budget.
 */
public final class FairShares {

  /** Longer than the sender of a refused message pauses. */
  private static final long WANTING_NANOS = 1_000_000_000;

  private final Map<String, Share> shares = new HashMap<>();
  private final LongSupplier nanoClock;

  /**
   * @param nanoClock monotonic
   */
  public FairShares(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  private static final class Share {
    long used;
    boolean wanting;
    long wantingSince;
  }

  /**
   * By how many bytes it would pass its part with so many more; one who holds nothing may have any
   * message.
   */
  public long excess(String who, long bytes, long limit) {
    forget();
    Share share = shares.get(who);
    return share == null || share.used == 0 ? 0 : share.used + bytes - limit / shares.size();
  }

  /** It has so many bytes more. */
  public void take(String who, long bytes) {
    Share share = shares.computeIfAbsent(who, w -> new Share());
    share.used += bytes;
    share.wanting = false;
  }

  /** It has so many bytes less. */
  public void giveBack(String who, long bytes) {
    Share share = shares.get(who);
    if (share == null || share.used < bytes) {
      throw new IllegalStateException(who + " gives back " + bytes + " bytes, more than it has");
    }
    share.used -= bytes;
  }

  /** It was refused, and will come again. */
  public void wants(String who) {
    Share share = shares.computeIfAbsent(who, w -> new Share());
    share.wanting = true;
    share.wantingSince = nanoClock.getAsLong();
  }

  private void forget() {
    long now = nanoClock.getAsLong();
    shares
        .values()
        .removeIf(
            share ->
                share.used == 0 && !(share.wanting && now - share.wantingSince < WANTING_NANOS));
  }
}
