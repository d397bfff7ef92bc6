package io.sluice.acceptor.receive;

import io.sluice.acceptor.transcode.Room;
import org.jspecify.annotations.Nullable;

/**
 * What one request holds of the {@link ByteBudget}, from before its first byte is in memory until
 * nothing of it is. Admission takes an amount at once; the request then says what it uses, and the
 * budget is asked again where that is more. Used by one thread at a time; closed by any.
 */
final class Reservation implements Room {

  /** What a request costs beside its bytes: a call or a connection at work, and its answer. */
  static final long OVERHEAD = 8 << 10;

  private static final long STEP = 64 << 10;

  private final ByteBudget budget;

  /** For whom it counts. */
  final String tenant;

  private long used;

  /** Of the budget, and guarded by it. */
  long bytes;

  /** While it waits for its first bytes, or did; guarded by the budget. */
  ByteBudget.@Nullable Entry waiting;

  /** It does not grow any more; guarded by the budget. */
  boolean sealed;

  Reservation(ByteBudget budget, String tenant) {
    this.budget = budget;
    this.tenant = tenant;
  }

  /**
   * Takes its first bytes.
   *
   * @return true if they are taken now; else the waiter is told, later or at once
   */
  boolean admit(long first, ByteBudget.Waiter waiter) {
    return budget.admit(this, first, waiter);
  }

  @Override
  public boolean use(long more) {
    if (!budget.cover(this, used + more, STEP)) {
      return false;
    }
    used += more;
    return true;
  }

  @Override
  public void free(long less) {
    used -= less;
  }

  /** It will not use more than it does; what it has beyond that goes back. */
  void trim() {
    budget.set(this, used, false);
  }

  /** Has grown to its end: holds so many bytes from now on, which are in memory already. */
  void settle(long held) {
    budget.set(this, held, true);
  }

  /** After {@link #settle}: so many bytes are not in memory any more. Safe for any thread. */
  void giveBack(long less) {
    budget.giveBack(this, less);
  }

  /** Nothing of the request is in memory any more. Safe for any thread. */
  void close() {
    budget.set(this, 0, true);
  }
}
