package io.sluice.writer;

import io.sluice.schema.page.PageDocument;
import io.sluice.schema.page.PageDocument.Fault;
import io.sluice.schema.page.PageDocument.Level;
import io.sluice.wal.Leadership;
import io.sluice.wal.LogUsage;
import io.sluice.writer.WriterPage.ParkedLine;
import io.sluice.writer.buffer.RecordCounts;
import io.sluice.writer.buffer.TableBuffer;
import io.sluice.writer.buffer.TableKey;
import io.sluice.writer.persist.HotMemory;
import io.sluice.writer.serve.Cluster;
import io.sluice.writer.serve.ServedLog;
import io.sluice.writer.serve.ServedLogs;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wrong with a Writer, and what to do: the reasons that `sluice status` gives. */
final class WriterFaults {

  /** Of a budget that is as good as used. */
  private static final int LAST_PART = 8;

  static final long SILENT_MILLIS = 5_000;
  private static final int MOST = 20;

  private final WriterCore core;
  private final ServedLogs logs;

  WriterFaults(WriterCore core, ServedLogs logs) {
    this.core = core;
    this.logs = logs;
  }

  /** Whether the disk has less for the log than its budget. */
  static boolean isByDisk(LogUsage usage) {
    return usage.usedBytes() + usage.roomBytes() < usage.budgetBytes() / LAST_PART * 7;
  }

  /**
   * The worst first.
   *
   * @param records of all tables
   */
  List<Fault> look(Collection<RecordCounts> records) {
    List<Fault> faults = new ArrayList<>();
    catalog(faults);
    missing(records, faults);
    for (ServedLog log : logs.hosted()) {
      outage(log, faults);
      stuck(log, faults);
      full(log, faults);
      leader(log, faults);
      replay(log, faults);
    }
    memory(faults);
    faults.sort(Comparator.comparing(Fault::level));
    return List.copyOf(faults.subList(0, Math.min(MOST, faults.size())));
  }

  private void catalog(List<Fault> faults) {
    String why = core.catalog().why();
    if (why != null) {
      faults.add(
          new Fault(
              Level.BAD,
              "tables cannot be read or written: " + PageDocument.clipped(why),
              "Bring the catalog and its store back: it is tried again by itself. Records are taken into the log meanwhile, as long as it has room; reads are refused."));
    }
  }

  private static void missing(Collection<RecordCounts> records, List<Fault> faults) {
    long missing = records.stream().mapToLong(RecordCounts::missing).sum();
    if (missing != 0) {
      faults.add(
          new Fault(
              Level.BAD,
              "the ledger lacks %d records".formatted(missing),
              "This is a bug: report it with what /status says."));
    }
  }

  private void outage(ServedLog log, List<Fault> faults) {
    String why = log.persister().outage();
    if (why != null) {
      faults.add(
          new Fault(
              Level.BAD,
              "cannot persist%s: %s".formatted(of(log), PageDocument.clipped(why)),
              "Look at the catalog and the store: it is tried again by itself. Rows stay in the log, and can be read; records are taken as long as it has room."));
    }
  }

  private void stuck(ServedLog log, List<Fault> faults) {
    log.persister()
        .stuck()
        .forEach(
            (table, why) ->
                faults.add(
                    new Fault(
                        Level.BAD,
                        "%s takes no rows: %s".formatted(table, PageDocument.clipped(why)),
                        "Put the table back: it goes on by itself. Or begin it anew with ./sluice wal unpark %s. All other tables go on."
                            .formatted(table))));
  }

  private void full(ServedLog log, List<Fault> faults) {
    LogUsage usage = log.log().usage();
    if (usage.roomBytes() >= (usage.usedBytes() + usage.roomBytes()) / LAST_PART) {
      return;
    }
    boolean byDisk = isByDisk(usage);
    String what = byDisk ? "the disk is nearly full" : "the log is nearly full";
    faults.add(
        new Fault(
            usage.roomBytes() == 0 ? Level.BAD : Level.WARN,
            "%s%s: records are refused when it is".formatted(what, of(log)),
            byDisk
                ? "Make room on the disk of the data directory."
                : "Rows leave it once they are persisted: see why they are not, or raise wal.max-bytes."));
  }

  private void leader(ServedLog log, List<Fault> faults) {
    Leadership lead = log.log().leadership();
    if (!lead.leads() && lead.leader() == null && log.log().isReplicated()) {
      faults.add(
          new Fault(
              Level.BAD,
              "log %d has no leader that is known here".formatted(log.number()),
              "Two of its three Writers must run and reach each other: start those that are away (./sluice status names them)."));
    }
    for (Cluster.Copy copy : logs.cluster().copies(log.number())) {
      if (copy.silentMillis() > SILENT_MILLIS) {
        faults.add(
            new Fault(
                Level.WARN,
                "%s at %s does not answer for its copy of log %d"
                    .formatted(copy.writer(), copy.address(), log.number()),
                "Start it, or look at its log; until then no other Writer of the log may be away."));
      }
    }
  }

  private void replay(ServedLog log, List<Fault> faults) {
    long applied = log.buffer().applied();
    long promised = log.log().promisedPosition();
    if (applied < promised && core.catalog().why() == null) {
      faults.add(
          new Fault(
              Level.WARN,
              "the log%s is replayed: applied up to %d of %d".formatted(of(log), applied, promised),
              "Reads wait for it; records are taken. Nothing need be done."));
    }
  }

  private void memory(List<Fault> faults) {
    HotMemory memory = core.memory();
    if (memory.isScarce()) {
      faults.add(
          new Fault(
              memory.bytesOver() >= 0 ? Level.BAD : Level.WARN,
              "the memory for rows that are not persisted is nearly used: records are refused when it is",
              "More comes than is written: a faster store, more persist.threads, or more memory.max-bytes."));
    }
  }

  private String of(ServedLog log) {
    return logs.count() == 1 ? "" : " (log %d)".formatted(log.number());
  }

  /** Tables that do not take their rows, or have some that wait for it. */
  List<ParkedLine> parked() {
    List<ParkedLine> lines = new ArrayList<>();
    for (ServedLog log : logs.hosted()) {
      Map<TableKey, String> stuck = log.persister().stuck();
      for (TableBuffer table : log.buffer().tables()) {
        @Nullable String why = stuck.get(table.key());
        long rows = table.parkedRows();
        if (why != null || rows > 0) {
          lines.add(
              new ParkedLine(
                  table.key() + of(log),
                  rows,
                  table.owedBytes(),
                  why == null ? "its rows are on their way" : PageDocument.clipped(why)));
        }
      }
    }
    return List.copyOf(lines.subList(0, Math.min(MOST, lines.size())));
  }
}
