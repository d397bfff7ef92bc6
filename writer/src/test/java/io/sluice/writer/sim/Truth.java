package io.sluice.writer.sim;

import io.sluice.lake.LogRange;
import io.sluice.schema.wire.BatchId;
import io.sluice.schema.wire.FlightFrame;
import io.sluice.schema.wire.MalformedMessageException;
import io.sluice.schema.wire.PutMetadata;
import io.sluice.wal.LogRecord;
import io.sluice.writer.model.ModelCluster;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What was sent, called stored, logged and committed, as one sees it who sees all; and whether that
 * is as it must be. Which rows count it knows by a rule of its own: of each batch those of its
 * first occurrence in the log, as clients repeat within the window.
 */
final class Truth {

  private final World world;
  private final List<ModelCluster> clusters;
  private final List<Sent> sent = new ArrayList<>();
  private final BitSet stored = new BitSet();
  private final BitSet seen = new BitSet();
  private final BitSet read = new BitSet();
  private final List<BitSet> tables = new ArrayList<>();

  /** By log and table: batches in the order in which they were called stored. */
  private final List<List<List<Sent>>> storedOf = new ArrayList<>();

  /** By log: the batches that count, by position. */
  private final List<NavigableMap<Long, List<Sent>>> counting = new ArrayList<>();

  private final long[] scanned;
  private final long[] lastBatch;

  Truth(World world, List<ModelCluster> clusters) {
    this.world = world;
    this.clusters = clusters;
    this.scanned = new long[clusters.size()];
    this.lastBatch = new long[clusters.size()];
    for (int log = 0; log < clusters.size(); log++) {
      counting.add(new TreeMap<>());
      storedOf.add(new ArrayList<>());
      SimTables.KEYS.forEach(key -> storedOf.get(storedOf.size() - 1).add(new ArrayList<>()));
    }
    SimTables.KEYS.forEach(key -> tables.add(new BitSet()));
  }

  /** A new batch of a client. */
  Sent sent(int table) {
    int number = sent.size();
    BatchId id = new BatchId(table, number);
    Sent batch = new Sent(number, id, id.log(clusters.size()), table, 1 + world.below(2));
    sent.add(batch);
    return batch;
  }

  int sent() {
    return sent.size();
  }

  int stored() {
    return stored.cardinality();
  }

  /** A Writer has called it stored. */
  void stored(Sent batch) {
    if (!stored.get(batch.number())) {
      stored.set(batch.number());
      storedOf.get(batch.log()).get(batch.table()).add(batch);
    }
  }

  /** What was called stored by now, in this order. */
  List<Sent> stored(int log, int table) {
    return List.copyOf(storedOf.get(log).get(table));
  }

  /** The table has taken rows of positions of a log. */
  void committed(int table, LogRange range, List<Integer> rows) {
    for (int row : rows) {
      if (tables.get(table).get(row)) {
        throw new Violation("table %d has row %d twice, by %s", table, row, range);
      }
      tables.get(table).set(row);
    }
    int log = (int) range.logId().getLeastSignificantBits();
    if (!world.has(Flaw.ACK_ALONE)) {
      scan(log);
      requireCounting(log, table, range, rows);
    }
  }

  private void requireCounting(int log, int table, LogRange range, List<Integer> rows) {
    if (range.to() > clusters.get(log).committed()) {
      throw new Violation("%s is in table %d, the log ends before", range, table);
    }
    BitSet expected = new BitSet();
    for (List<Sent> at : counting.get(log).subMap(range.from(), false, range.to(), true).values()) {
      at.stream().filter(batch -> batch.table() == table).forEach(batch -> add(batch, expected));
    }
    BitSet got = new BitSet();
    rows.forEach(got::set);
    if (!expected.equals(got)) {
      throw new Violation("%s of table %d: %s, expected %s", range, table, got, expected);
    }
  }

  private static void add(Sent batch, BitSet rows) {
    rows.set(batch.row(0), batch.row(0) + batch.rows());
  }

  /** Follows a log: what is committed there stays. */
  private void scan(int log) {
    ModelCluster cluster = clusters.get(log);
    while (scanned[log] < cluster.committed()) {
      long position = ++scanned[log];
      LogRecord record = cluster.record(position);
      if (record != null && !record.isNote()) {
        lastBatch[log] = position;
        List<Sent> first = new ArrayList<>();
        for (PutMetadata.Batch batch : batches(record)) {
          Sent known = sent.get((int) batch.id().low());
          if (!seen.get(known.number())) {
            seen.set(known.number());
            first.add(known);
          }
        }
        counting.get(log).put(position, first);
      }
    }
  }

  private static List<PutMetadata.Batch> batches(LogRecord record) {
    try {
      return PutMetadata.parse(FlightFrame.parse(record.payload()).metadata()).batches();
    } catch (MalformedMessageException e) {
      throw new AssertionError(e);
    }
  }

  /** Position of the last record with batches; 0 if there is none. */
  long lastBatch(int log) {
    scan(log);
    return lastBatch[log];
  }

  /**
   * A reader's answer of a log.
   *
   * @param before what was called stored before it was asked for
   * @param whole whether it says so
   */
  void read(int log, int table, List<Sent> before, List<Integer> rows, boolean whole) {
    BitSet got = new BitSet();
    for (int row : rows) {
      if (got.get(row)) {
        throw new Violation("a read of table %d has row %d of log %d twice", table, row, log);
      }
      got.set(row);
    }
    for (Sent batch : before) {
      if (whole
          && got.get(batch.row(0), batch.row(0) + batch.rows()).cardinality() < batch.rows()) {
        throw new Violation(
            "a read of table %d lacks batch %d of log %d, which was stored",
            table, batch.number(), log);
      }
    }
    read.or(got);
  }

  /** All is persisted. */
  void requireAll() {
    BitSet all = new BitSet();
    tables.forEach(all::or);
    for (Sent batch : sent) {
      int rows = all.get(batch.row(0), batch.row(0) + batch.rows()).cardinality();
      if (rows != 0 && rows != batch.rows()) {
        throw new Violation("of batch %d a part is in its table", batch.number());
      }
      if (stored.get(batch.number()) && rows == 0) {
        throw new Violation(
            "batch %d of log %d was called stored, and is not in table %d",
            batch.number(), batch.log(), batch.table());
      }
    }
    read.andNot(all);
    if (!read.isEmpty()) {
      throw new Violation("readers had rows that are in no table: %s", read);
    }
    if (!world.has(Flaw.ACK_ALONE)) {
      requireLogged(all);
    }
  }

  private void requireLogged(BitSet all) {
    BitSet logged = new BitSet();
    for (int log = 0; log < clusters.size(); log++) {
      scan(log);
      counting.get(log).values().forEach(at -> at.forEach(batch -> add(batch, logged)));
    }
    if (!logged.equals(all)) {
      logged.xor(all);
      throw new Violation("rows are in logs or in tables, and not in both: %s", logged);
    }
  }
}
