package io.sluice.bench.harness;

import io.sluice.bench.audit.Ledger;
import io.sluice.bench.audit.RowSource;
import io.sluice.bench.audit.TableRows;
import io.sluice.bench.record.RunKeys;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Every read during load and flushes, by SQL and by ticket and table: each key acked before it
 * began is there, each key once, none that was not sent by its end; and traces acked at any time
 * before are whole. Goes on until reads have put hot and persisted rows together.
 */
public final class QueriesUnderLoad implements Scenario {

  private static final int LEAST_ROUNDS = 2;
  private static final int TRACES = 4;
  private static final Duration OVERTIME = Duration.ofMinutes(3);

  @Override
  public String name() {
    return "queries";
  }

  /** A slow machine's reads may take longer than the load was meant to. */
  @Override
  public Duration overtime() {
    return OVERTIME;
  }

  @Override
  public String run(SluiceBox box, LoadRun load, RandomGenerator random) throws Exception {
    load.awaitFirstAck();
    Deadline asked = Deadline.in(load.options().length().minus(OVERTIME), Duration.ZERO);
    Deadline last = Deadline.in(load.options().length(), Duration.ZERO);
    int rounds = 0;
    int crossed = 0;
    try (Flushes flushes = new Flushes(box.flight(), new SplittableRandom(random.nextLong()));
        SqlRows sql = new SqlRows(box.target());
        TableRows tickets = new TableRows(box.target())) {
      while (rounds < LEAST_ROUNDS || crossed == 0 || flushes.done() == 0 || !asked.hasPassed()) {
        last.check("a flush and a read across hot and persisted rows (" + flushes + ")");
        read(sql, load, List.of());
        crossed += crossing(tickets, load, random) ? 1 : 0;
        traces(sql, load, random);
        rounds++;
      }
      load.finish();
      return "%d rounds of reads, %d of them across hot and persisted rows, %s"
          .formatted(rounds, crossed, flushes);
    }
  }

  private static boolean crossing(TableRows tickets, LoadRun load, RandomGenerator random)
      throws Exception {
    Ledger ledger = Ledger.read(load.acks());
    List<Long> picked = pick(ledger, random);
    List<String> ids = picked.stream().map(ledger.keys()::traceId).toList();
    SeenKeys seen = read(tickets, load, ids);
    for (int i = 0; i < ids.size(); i++) {
      requireWhole("ticket and table", ids.get(i), ledger, picked.get(i), seen.spans(ids.get(i)));
    }
    return tickets.hasCrossed();
  }

  /** Reads all tables of the load's signals. */
  private static SeenKeys read(RowSource source, LoadRun load, List<String> traces)
      throws Exception {
    Set<Signal> signals = load.options().signals();
    SeenKeys seen = new SeenKeys(new RunKeys(load.options().run()), traces);
    Ledger before = Ledger.read(load.acks());
    for (Table table : Table.all()) {
      if (signals.contains(table.signal())) {
        source.read(table, seen);
      }
    }
    seen.require(before, Ledger.read(load.acks()), source.getClass().getSimpleName());
    return seen;
  }

  private static void traces(SqlRows sql, LoadRun load, RandomGenerator random) throws Exception {
    Ledger ledger = Ledger.read(load.acks());
    for (long first : pick(ledger, random)) {
      String id = ledger.keys().traceId(first);
      requireWhole("SQL", id, ledger, first, sql.spans(id));
    }
  }

  /** The first that was acked, and others of any age. */
  private static List<Long> pick(Ledger ledger, RandomGenerator random) {
    List<Long> acked = ledger.ackedTraces();
    List<Long> picked = new ArrayList<>(acked.subList(0, Math.min(1, acked.size())));
    for (int i = 1; i < Math.min(TRACES, acked.size()); i++) {
      picked.add(acked.get(random.nextInt(acked.size())));
    }
    return picked;
  }

  private static void requireWhole(
      String by, String trace, Ledger ledger, long first, List<String> found) {
    List<String> expected = ledger.spansOfTrace(first);
    if (!found.equals(expected)) {
      throw new AssertionError(
          "trace %s was acked before it was read by %s: it has spans %s, but %s were found"
              .formatted(trace, by, expected, found));
    }
  }
}
