package io.sluice.bench.harness;

import io.sluice.bench.audit.Ledger;
import io.sluice.bench.audit.RowKeys;
import io.sluice.bench.audit.RowSource;
import io.sluice.bench.audit.TableRows;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every read during load and flushes, by SQL and by ticket: what was acked before it started <=
 * what it counts <= what was sent when it ended; and the spans of a trace that was acked are all
 * there, once.
 */
public final class QueriesUnderLoad implements Scenario {

  private static final int LEAST_ROUNDS = 2;
  private static final int SPANS_PER_TRACE = 8;

  @Override
  public String name() {
    return "queries";
  }

  @Override
  public String run(SluiceBox box, LoadOptions load, RandomGenerator random) throws Exception {
    Path acks = Objects.requireNonNull(load.audit(), "the load has no audit file");
    RunKeys keys = new RunKeys(load.run());
    KillWriter.awaitFirstAck(acks);
    long end = System.nanoTime() + load.length().toNanos();
    int rounds = 0;
    try (Flushes flushes = new Flushes(box.flight(), random);
        SqlRows sql = new SqlRows(box.target());
        TableRows tickets = new TableRows(box.target())) {
      while (rounds < LEAST_ROUNDS || System.nanoTime() < end) {
        for (Signal signal : load.signals()) {
          count(sql, signal, acks, keys);
          count(tickets, signal, acks, keys);
        }
        trace(sql, acks, keys, load.batch());
        rounds++;
      }
      return "%d rounds of reads, %d flushes".formatted(rounds, flushes.done());
    }
  }

  private static void count(RowSource source, Signal signal, Path acks, RunKeys keys)
      throws Exception {
    long acked = Ledger.read(acks).ackedRecords(signal);
    Counter counter = new Counter(keys);
    for (Table table : Table.all()) {
      if (table.signal() == signal) {
        source.read(table, counter);
      }
    }
    long sent = Ledger.read(acks).sentRecords(signal);
    if (counter.rows < acked || counter.rows > sent) {
      throw new AssertionError(
          "%s by %s: %d rows, but %d were acked before the read and %d sent at its end"
              .formatted(signal, source.getClass().getSimpleName(), counter.rows, acked, sent));
    }
  }

  private static void trace(SqlRows sql, Path acks, RunKeys keys, int batch) throws Exception {
    long first = Ledger.read(acks).lastAcked(Signal.TRACES);
    if (first == -1) {
      return;
    }
    long found = sql.spans(keys.traceId(first));
    if (found != Math.min(SPANS_PER_TRACE, batch)) {
      throw new AssertionError(
          "trace %s was acked before the read: %d of its %d spans are there"
              .formatted(keys.traceId(first), found, Math.min(SPANS_PER_TRACE, batch)));
    }
  }

  /** Counts the rows of a run. */
  private static final class Counter implements RowKeys {
    private final RunKeys keys;
    private long rows;

    Counter(RunKeys keys) {
      this.keys = keys;
    }

    @Override
    public void span(@Nullable String traceId, @Nullable String spanId) {
      rows += traceId != null && spanId != null && keys.ofSpan(traceId, spanId).isPresent() ? 1 : 0;
    }

    @Override
    public void keyed(Table table, @Nullable String key) {
      rows += key != null && keys.ofText(key).isPresent() ? 1 : 0;
    }
  }
}
