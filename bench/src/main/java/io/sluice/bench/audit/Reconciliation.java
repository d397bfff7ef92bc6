package io.sluice.bench.audit;

import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares a ledger with the keys of the tables' rows: what was acked must be there once, what was
 * sent but not acked at most once, and nothing else; where a record's content was noted, its row
 * says the same. Memory is a bit for each record sent. Owned by one thread; used for one
 * comparison.
 */
public final class Reconciliation {

  private static final int OFFENDERS = 10;

  private final Ledger ledger;
  private final List<Offender> offenders = new ArrayList<>();
  private long duplicated;
  private long extra;
  private long compared;
  private long altered;

  /** What is wrong with a record. */
  public enum Fault {
    LOST,
    DUPLICATED,
    EXTRA,
    ALTERED
  }

  /** One record that is not as it should be. */
  public record Offender(Fault fault, Table table, String key) {
    @Override
    public String toString() {
      return fault + " in " + table + ": " + key;
    }
  }

  /** The ledger's marks are used up by the comparison. */
  public Reconciliation(Ledger ledger) {
    this.ledger = ledger;
  }

  /** A row of this run was read, of which only the key is known. */
  public void seen(Table table, long key) {
    seen(table, key, null);
  }

  /** A row of this run was read. */
  void seen(Table table, long key, @Nullable RowContent row) {
    SentRequest request = ledger.find(RunKeys.lane(key), RunKeys.request(key));
    int ordinal = RunKeys.ordinal(key);
    if (request == null
        || ordinal >= request.shape().records()
        || request.shape().table(ordinal) != table) {
      extra++;
      offender(Fault.EXTRA, table, key);
      return;
    }
    if (!request.see(ordinal)) {
      duplicated++;
      offender(Fault.DUPLICATED, table, key);
    }
    Sample sample = request.sample(ordinal);
    if (sample != null && row != null) {
      compare(table, key, sample, row);
    }
  }

  private void compare(Table table, long key, Sample sample, RowContent row) {
    compared++;
    if (!sample.matches(row)) {
      altered++;
      if (offenders.size() < OFFENDERS) {
        String what = name(table, key) + ": " + sample.difference(row);
        offenders.add(new Offender(Fault.ALTERED, table, what));
      }
    }
  }

  /** All rows were read. */
  public AuditResult finish() {
    long[] sums = new long[3];
    ledger.forEach(
        (first, request) -> {
          int seen = request.seenCount();
          long lost = Math.max(0, request.acked() - seen);
          sums[0] += lost;
          sums[1] += request.shape().records() - request.acked();
          sums[2] += Math.max(0, seen - request.acked());
          if (lost > 0) {
            nameLost(first, request);
          }
        });
    return new AuditResult(
        ledger.ackedRecords(),
        sums[0],
        duplicated,
        extra,
        sums[1],
        sums[2],
        0,
        compared,
        altered,
        offenders);
  }

  private void nameLost(long first, SentRequest request) {
    for (int i = 0; i < request.shape().records() && offenders.size() < OFFENDERS; i++) {
      if (!request.wasSeen(i)) {
        offender(Fault.LOST, request.shape().table(i), first | i);
      }
    }
  }

  private void offender(Fault fault, Table table, long key) {
    if (offenders.size() < OFFENDERS) {
      offenders.add(new Offender(fault, table, name(table, key)));
    }
  }

  private String name(Table table, long key) {
    String where =
        " (lane %d, request %d, record %d)"
            .formatted(RunKeys.lane(key), RunKeys.request(key), RunKeys.ordinal(key));
    return table == Table.TRACES
        ? "span_id %016x%s".formatted(ledger.keys().spanId(key), where)
        : ledger.keys().text(key) + where;
  }
}
