package io.sluice.bench.harness;

import io.sluice.bench.audit.AuditTarget;
import io.sluice.bench.audit.Ledger;
import io.sluice.bench.audit.RowKeys;
import io.sluice.bench.audit.TableRows;
import io.sluice.bench.load.LoadOptions;
import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Every read during load and flushes: what was acked before it started <= what it counts <= what
 * was sent when it ended; and so for the spans of a single trace.
 */
public final class QueriesUnderLoad implements Scenario {

  private static final int LEAST_READS = 2;
  private static final int SPANS_PER_TRACE = 8;

  @Override
  public String name() {
    return "queries";
  }

  @Override
  public String run(SluiceBox box, LoadOptions load, RandomGenerator random) throws Exception {
    Path acks = Objects.requireNonNull(load.audit(), "the load has no audit file");
    RunKeys keys = new RunKeys(load.run());
    AuditTarget target = box.target();
    long end = System.nanoTime() + load.length().toNanos();
    int reads = 0;
    try (TableRows tables = new TableRows(target)) {
      while (!Files.exists(acks) || Files.size(acks) == 0) {
        Thread.onSpinWait();
      }
      while (reads < LEAST_READS || System.nanoTime() < end) {
        check(tables, acks, keys);
        reads++;
      }
    }
    return reads + " reads";
  }

  private static void check(TableRows tables, Path acks, RunKeys keys) throws Exception {
    for (Signal signal : Signal.values()) {
      Ledger before = Ledger.read(acks);
      long acked = before.ackedRecords(signal);
      Counter counter = new Counter(keys, before.lastAcked(Signal.TRACES));
      for (Table table : Table.all()) {
        if (table.signal() == signal) {
          tables.read(table, counter);
        }
      }
      long sent = Ledger.read(acks).sentRecords(signal);
      if (counter.rows < acked || counter.rows > sent) {
        throw new AssertionError(
            "%s: %d rows, but %d were acked before the read and %d sent at its end"
                .formatted(signal, counter.rows, acked, sent));
      }
      int expected = counter.trace == -1 ? 0 : SPANS_PER_TRACE;
      if (signal == Signal.TRACES && counter.ofTrace != expected) {
        throw new AssertionError(
            "trace %s was acked before the read: %d of its %d spans are there"
                .formatted(keys.traceId(counter.trace), counter.ofTrace, expected));
      }
    }
  }

  /** Counts the rows of a run, and the spans of its one trace. */
  private static final class Counter implements RowKeys {
    private final RunKeys keys;
    private final long trace;
    private long rows;
    private int ofTrace;

    /**
     * @param trace the key of the first span of a trace that was acked; -1 = none was
     */
    Counter(RunKeys keys, long trace) {
      this.keys = keys;
      this.trace = trace;
    }

    @Override
    public void span(@Nullable String traceId, @Nullable String spanId) {
      if (traceId != null && spanId != null && keys.ofSpan(traceId, spanId).isPresent()) {
        rows++;
        ofTrace += trace != -1 && keys.traceId(trace).equals(traceId) ? 1 : 0;
      }
    }

    @Override
    public void keyed(Table table, @Nullable String key) {
      rows += key != null && keys.ofText(key).isPresent() ? 1 : 0;
    }
  }
}
