package io.sluice.writer.persist;

import io.sluice.writer.buffer.ChunkSet;
import io.sluice.writer.buffer.Ledger;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one sick table from stopping the others: what is owed to a table that will not take it is
 * copied to a place of its own, so that the log can be released; and when that is more than its
 * budget, puts for that table alone are refused. A table's turn parks its sets; the pace thread
 * looks at budgets; any thread asks.
 */
public final class Parking {

  private static final Logger LOG = LoggerFactory.getLogger(Parking.class);

  /** Where parked sets are. */
  public interface Lot {
    /** Copies the rows of a set that is persisting; durable when it returns. */
    void park(ChunkSet set) throws IOException;

    /** A table has what was parked after {@code from} and up to {@code to}. */
    void committed(TableKey table, long from, long to) throws IOException;
  }

  private final @Nullable Lot lot;
  private final Ledger ledger;
  private final long afterNanos;
  private final long maxBytes;
  private final BooleanSupplier tight;
  private volatile Map<TableKey, String> refused = Map.of();

  /**
   * @param after a table that is stuck for so long is parked
   * @param maxBytes of rows that stuck tables are owed: beyond it their puts are refused
   * @param tight whether the log wants to be released: a table that is stuck is parked at once
   */
  public Parking(Lot lot, Ledger ledger, Duration after, long maxBytes, BooleanSupplier tight) {
    this.lot = lot;
    this.ledger = ledger;
    this.afterNanos = after.toNanos();
    this.maxBytes = maxBytes;
    this.tight = tight;
  }

  private Parking(Ledger ledger, long maxBytes) {
    this.lot = null;
    this.ledger = ledger;
    this.afterNanos = Long.MAX_VALUE;
    this.maxBytes = maxBytes;
    this.tight = () -> false;
  }

  /**
   * Of a log with replicas: nothing is parked, as the others would still need the log. A stuck
   * table's rows keep the log, of all tables, from where they begin; its own puts are refused from
   * {@code maxBytes} on.
   */
  public static Parking refusingOnly(Ledger ledger, long maxBytes) {
    return new Parking(ledger, maxBytes);
  }

  /** In the table's turn: parks what is sealed, if the table has been stuck for long enough. */
  void park(TableBuffer table, long stuckNanos) {
    if (lot == null) {
      return;
    }
    if (stuckNanos < afterNanos && !tight.getAsBoolean() && table.parkedRows() == 0) {
      return;
    }
    while (true) {
      Optional<ChunkSet> next = table.beginPark();
      if (next.isEmpty() || !park(lot, table, next.get())) {
        return;
      }
    }
  }

  private boolean park(Lot to, TableBuffer table, ChunkSet set) {
    try {
      to.park(set);
    } catch (Throwable e) { // an Error too: the set must not stay PERSISTING
      table.persistFailed(set);
      ledger.parkFailures.increment();
      LOG.error("cannot park rows of {} (tried again; they stay in the log)", table.key(), e);
      return false;
    }
    table.parked(set);
    ledger.setsParked.increment();
    LOG.warn(
        "parked {} rows of {}, positions ({}, {}]: they wait for their table, the log need not",
        set.rows(),
        table.key(),
        set.from(),
        set.to());
    return true;
  }

  /** The table has the set, which was parked. */
  void committed(ChunkSet set) {
    if (lot == null) {
      return;
    }
    try {
      lot.committed(set.table(), set.from(), set.to());
    } catch (IOException e) {
      LOG.warn("cannot delete parked rows of {} (the next start does)", set.table(), e);
    }
  }

  /**
   * @param stuck why, of each table that is stuck
   */
  void look(Collection<TableBuffer> tables, Map<TableKey, String> stuck) {
    if (stuck.isEmpty()) {
      refused = Map.of();
      return;
    }
    long bytes = 0;
    for (TableBuffer table : tables) {
      bytes += stuck.containsKey(table.key()) ? table.owedBytes() : 0;
    }
    if (bytes < maxBytes) {
      refused = Map.of();
      return;
    }
    Map<TableKey, String> sentences = new HashMap<>();
    for (Map.Entry<TableKey, String> table : stuck.entrySet()) {
      sentences.put(
          table.getKey(),
          "cannot take more rows of %s: stuck tables are owed %d bytes, park.max-bytes is %d (%s)"
              .formatted(table.getKey(), bytes, maxBytes, table.getValue()));
    }
    refused = sentences;
  }

  /** Why no more rows of the table can be taken; null while they can. */
  public @Nullable String refusal(TableKey table) {
    return refused.get(table);
  }
}
