package io.sluice.writer;

import io.sluice.schema.page.History;
import io.sluice.schema.page.PageContent;
import io.sluice.schema.page.PageDocument.Budget;
import io.sluice.schema.page.PageDocument.Flow;
import io.sluice.schema.page.Recent;
import io.sluice.schema.table.Signal;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogUsage;
import io.sluice.writer.buffer.HotSets;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.intake.Intake;
import io.sluice.writer.persist.Commits;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.persist.TimeToFull;
import io.sluice.writer.serve.Cluster;
import io.sluice.writer.serve.ServedLog;
import io.sluice.writer.serve.ServedLogs;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What a Writer's status page shows. Its sums are the ledger's, as /status tells it. */
final class WriterPage implements PageContent.Source {

  /** Of tables; the largest are shown. */
  private static final int MOST_LINES = 100;

  private static final String MEMORY = "memory";
  private static final String LOG = "log";
  private static final long NEVER_FULL = -1;

  /**
   * What a Writer alone has.
   *
   * @param chunks of the tables that have any in memory
   * @param commitsTotal persists since the start, with those that failed
   * @param tables how many there are, of which the ledger may show some
   * @param ledgerSum of all of them
   */
  record Details(
      List<ChunkLine> chunks,
      List<Recent.Seen<Commits.Commit>> commits,
      long commitsTotal,
      List<LogLine> logs,
      List<LedgerLine> ledger,
      LedgerLine ledgerSum,
      long tables,
      List<ParkedLine> parked) {}

  /**
   * Hot chunks of a table.
   *
   * @param oldestSeconds since the oldest was begun that no commit holds; -1: there is none
   */
  record ChunkLine(
      String table,
      long rows,
      long bytes,
      long open,
      long sealed,
      long persisting,
      long kept,
      long oldestSeconds) {}

  /**
   * A log that is here.
   *
   * @param behind records that were called stored and are not applied here yet
   * @param lost positions that a repair found lost
   */
  record LogLine(
      long number,
      String id,
      boolean leads,
      String leader,
      long term,
      long first,
      long applied,
      long behind,
      long lost,
      List<Cluster.Copy> copies) {}

  /** What became of a table's records: taken + replayed = all others. */
  record LedgerLine(
      String table,
      long taken,
      long replayed,
      long hot,
      long persisted,
      long parked,
      long deduplicated,
      long missing) {}

  /** A table that does not take its rows. */
  record ParkedLine(String table, long rows, long bytes, String why) {}

  private final WriterCore core;
  private final ServedLogs logs;
  private final Intake intake;
  private final WriterFaults faults;
  private final TimeToFull memoryFull;

  WriterPage(WriterCore core, ServedLogs logs, Intake intake) {
    this.core = core;
    this.logs = logs;
    this.intake = intake;
    this.faults = new WriterFaults(core, logs);
    this.memoryFull = new TimeToFull(() -> -core.memory().bytesOver(), core.nanos());
  }

  /** The numbers that it has of each second. */
  History history() {
    History history = new History();
    for (Signal signal : Signal.values()) {
      history.rate(in(signal), () -> sum(signal).taken());
      history.rate(out(signal), () -> sum(signal).persisted());
    }
    history.delay("ack", "message read to durable, applied and answered", intake.acks());
    if (!core.settings().common().isReplicated()) { // there Raft forces, and does not say
      history.delay("fsync", "force of the log", core.forces());
    }
    history.level(MEMORY, this::memoryBytes);
    history.level(LOG, this::logBytes);
    return history;
  }

  private long memoryBytes() {
    memoryFull.look();
    return core.memory().bytes();
  }

  private long logBytes() {
    return logs.hosted().stream().mapToLong(log -> log.log().usage().usedBytes()).sum();
  }

  private RecordCounts sum(Signal signal) {
    RecordCounts sum = RecordCounts.NONE;
    for (ServedLog log : logs.hosted()) {
      for (TableBuffer table : log.buffer().tables()) {
        if (table.key().table().signal() == signal) {
          sum = sum.plus(table.records());
        }
      }
    }
    return sum;
  }

  @Override
  public PageContent look() {
    Map<TableKey, RecordCounts> counts = counts();
    return new PageContent(
        faults.look(counts.values()), flows(counts), budgets(), intake.refusals(), details(counts));
  }

  /** Of all logs, in the order of their names. */
  private Map<TableKey, RecordCounts> counts() {
    Map<TableKey, RecordCounts> counts = new TreeMap<>(Comparator.comparing(TableKey::toString));
    for (ServedLog log : logs.hosted()) {
      log.buffer()
          .tables()
          .forEach(table -> counts.merge(table.key(), table.records(), RecordCounts::plus));
    }
    return counts;
  }

  private static List<Flow> flows(Map<TableKey, RecordCounts> counts) {
    List<Flow> flows = new ArrayList<>();
    for (Signal signal : Signal.values()) {
      RecordCounts sum = RecordCounts.NONE;
      for (Map.Entry<TableKey, RecordCounts> each : counts.entrySet()) {
        sum = each.getKey().table().signal() == signal ? sum.plus(each.getValue()) : sum;
      }
      flows.add(new Flow(name(signal), in(signal), out(signal), sum.taken(), sum.persisted()));
    }
    return flows;
  }

  private List<Budget> budgets() {
    List<Budget> budgets = new ArrayList<>();
    HotMemory memory = core.memory();
    budgets.add(
        new Budget(
            "hot rows in memory",
            memory.bytes(),
            memory.maxBytes(),
            MEMORY,
            memoryFull.seconds(),
            "memory.max-bytes"));
    List<ServedLog> hosted = logs.hosted();
    for (ServedLog log : hosted) {
      LogUsage usage = log.log().usage();
      long room = usage.usedBytes() + usage.roomBytes();
      boolean byDisk = WriterFaults.isByDisk(usage);
      budgets.add(
          new Budget(
              hosted.size() == 1 ? "log on disk" : "log %d on disk".formatted(log.number()),
              usage.usedBytes(),
              byDisk ? room : usage.budgetBytes(),
              hosted.size() == 1 ? LOG : "",
              log.timeToFull().seconds(),
              byDisk ? "what the disk has" : "wal.max-bytes"));
    }
    budgets.add(
        new Budget(
            "messages not yet applied",
            intake.bytesInFlight(),
            core.settings().intakeBytes(),
            "",
            NEVER_FULL,
            "intake.max-bytes"));
    return budgets;
  }

  private Details details(Map<TableKey, RecordCounts> counts) {
    List<LedgerLine> ledger = new ArrayList<>();
    RecordCounts sum = RecordCounts.NONE;
    for (Map.Entry<TableKey, RecordCounts> each : counts.entrySet()) {
      RecordCounts table = each.getValue();
      sum = sum.plus(table);
      if (!table.equals(RecordCounts.NONE)) {
        ledger.add(line(each.getKey().toString(), table));
      }
    }
    return new Details(
        chunks(),
        core.commits().newestFirst(),
        core.commits().total(),
        logs.hosted().stream().map(this::line).toList(),
        largest(ledger),
        line("", sum),
        ledger.size(),
        faults.parked());
  }

  /** Those with most records, in the order of their names. */
  private static List<LedgerLine> largest(List<LedgerLine> lines) {
    return lines.stream()
        .sorted(Comparator.comparingLong(line -> -line.taken() - line.replayed()))
        .limit(MOST_LINES)
        .sorted(Comparator.comparing(LedgerLine::table))
        .toList();
  }

  private static LedgerLine line(String name, RecordCounts counts) {
    return new LedgerLine(
        name,
        counts.taken(),
        counts.replayed(),
        counts.hot(),
        counts.persisted(),
        counts.parked(),
        counts.deduplicated(),
        counts.missing());
  }

  private List<ChunkLine> chunks() {
    List<ChunkLine> lines = new ArrayList<>();
    List<ServedLog> hosted = logs.hosted();
    for (ServedLog log : hosted) {
      for (TableBuffer table : log.buffer().tables()) {
        HotSets sets = table.sets();
        if (sets.isOwed() || sets.kept() > 0) {
          String of = hosted.size() == 1 ? "" : " (log %d)".formatted(log.number());
          lines.add(line(table.key() + of, table, sets));
        }
      }
    }
    return lines.stream()
        .sorted(Comparator.comparingLong((ChunkLine line) -> -line.bytes()))
        .limit(MOST_LINES)
        .sorted(Comparator.comparing(ChunkLine::table))
        .toList();
  }

  private ChunkLine line(String name, TableBuffer table, HotSets sets) {
    long age = core.nanos().getAsLong() - sets.oldestNanos();
    return new ChunkLine(
        name,
        table.hotRows(),
        table.bytes(),
        sets.open(),
        sets.sealed(),
        sets.persisting(),
        sets.kept(),
        sets.isOwed() ? TimeUnit.NANOSECONDS.toSeconds(Math.max(0, age)) : -1);
  }

  private LogLine line(ServedLog served) {
    Leadership lead = served.log().leadership();
    long applied = served.buffer().applied();
    String leader = lead.leader();
    return new LogLine(
        served.number(),
        served.log().id().toString(),
        lead.leads(),
        leader == null ? "" : leader,
        lead.term(),
        served.log().firstPosition(),
        applied,
        Math.max(0, served.log().promisedPosition() - applied),
        served.log().lostPositions(),
        logs.cluster().copies(served.number()));
  }

  private static String in(Signal signal) {
    return name(signal) + ".in";
  }

  private static String out(Signal signal) {
    return name(signal) + ".out";
  }

  private static String name(Signal signal) {
    return signal.name().toLowerCase(Locale.ROOT);
  }
}
