package io.sluice.writer;

import io.sluice.writer.buffer.TableKey;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often a table is looked at in the catalog because a reader asks for columns that it is not
 * known to have: any reader may, as fast as it can, and each look is a call of the catalog. Any
 * thread.
 */
final class LookPace {

  /** As long as a column that was added just now may not be found. */
  static final long NANOS = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoClock;
  private final Map<TableKey, Long> looked = new ConcurrentHashMap<>();

  /**
   * @param nanoClock monotonic
   */
  LookPace(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /**
   * Whether the caller is to look now; nobody else is then, for a second.
   *
   * @param table that is there: what is kept is bounded by their number
   */
  boolean mayLook(TableKey table) {
    long now = nanoClock.getAsLong();
    boolean[] may = new boolean[1];
    looked.compute(
        table,
        (key, last) -> {
          may[0] = last == null || now - last >= NANOS;
          return may[0] ? (Long) now : last;
        });
    return may[0];
  }
}
