package io.sluice.writer.sim;

import io.sluice.query.ClusterLog;
import io.sluice.query.ClusterLogs;
import io.sluice.query.LogClaim;
import io.sluice.query.LogPlace;
import io.sluice.query.ReadException;
import io.sluice.query.WriterLogs;
import io.sluice.schema.service.HostPort;
import io.sluice.wal.Leadership;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.ReloadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Reads a table whole: loads its snapshot, then opens the rest of each log where that is led, by
 * what the Writers say; begins anew if the snapshot is too old.
 */
final class SimReader {

  private static final long WAIT = 5 * Plan.SECOND;
  private static final int TIMES = 4;

  final World world;
  final SimWriters writers;
  final SimTables tables;
  final int client;
  private int open;

  SimReader(World world, SimWriters writers, SimTables tables, int client) {
    this.world = world;
    this.writers = writers;
    this.tables = tables;
    this.client = client;
  }

  void begin() {
    world.agenda.in(
        world.around(2 * world.plan.meanRequest),
        () -> {
          if (!world.isCalm()) {
            read();
            begin();
          }
        });
  }

  /** One read of a table. */
  void read() {
    int table = world.below(SimTables.KEYS.size());
    if (world.hits(Fault.PARTIAL_READ)) {
      int log = world.below(world.plan.logs);
      Hosting hosting = writers.hosting(log, world.below(3));
      if (hosting != null) {
        partial(table, hosting);
      }
    }
    open++;
    begin(table, TIMES);
  }

  private void begin(int table, int times) {
    SimTable.State snapshot = tables.table(table).load();
    if (times == 0 || tables.isAway(world.now()) || snapshot.isLost()) {
      end("reads given up");
      return;
    }
    long held =
        world.hits(Fault.OLD_SNAPSHOT) ? world.between(0, 4 * Plan.SECOND) : world.around(5_000);
    world.agenda.in(held, () -> new SimTableRead(this, table, snapshot, times).open());
  }

  /** What any replica has: no row twice, and none that will be in no table. */
  void partial(int table, Hosting hosting) {
    SimTable.State snapshot = tables.table(table).load();
    if (snapshot.isLost()) {
      return;
    }
    List<Integer> rows = new ArrayList<>();
    try (HotRead read =
        hosting.buffer.read(SimTables.KEYS.get(table), snapshot.mark(hosting.log.id()))) {
      for (HotRows next = read.next(); next != null; next = read.next()) {
        Hosting.add(next, rows);
      }
    } catch (ReloadException | IOException e) {
      return;
    }
    snapshot.rows().stream()
        .filter(row -> Sent.batch(row) % world.plan.logs == hosting.number)
        .forEach(rows::add);
    writers.truth().read(hosting.number, table, List.of(), rows, false);
    world.tally.add("partial reads");
  }

  /** The snapshot is too old. */
  void again(int table, int times) {
    world.tally.add("reads begun anew");
    begin(table, times - 1);
  }

  void end(String how) {
    world.tally.add(how);
    open--;
  }

  boolean isIdle() {
    return open == 0;
  }

  long patience() {
    return WAIT;
  }

  /** Where a log is read, by what Writers say that can be reached; null if nobody knows. */
  LogPlace place(int log) {
    List<WriterLogs> answers = new ArrayList<>();
    for (int writer = 0; writer < world.plan.writers; writer++) {
      SimProcess process = writers.process(writer);
      if (process != null && !process.isPaused() && writers.reaches(client, writer)) {
        answers.add(answer(process));
      }
    }
    if (answers.isEmpty()) {
      return null;
    }
    try {
      ClusterLogs cluster = ClusterLogs.of(answers, Map.of());
      ClusterLog found = cluster.logs().get(log);
      return cluster.place(found);
    } catch (ReadException e) {
      throw new AssertionError(e);
    }
  }

  private WriterLogs answer(SimProcess process) {
    HostPort address = writers.addresses().get(process.writer);
    List<LogClaim> logs = new ArrayList<>();
    process.hostings.forEach(
        (number, hosting) -> {
          Leadership known = hosting.log.leadership();
          HostPort leader =
              known.leads()
                  ? address
                  : known.leader() == null ? null : HostPort.parse(known.leader());
          logs.add(
              new LogClaim(
                  number,
                  hosting.log.id(),
                  known.term(),
                  leader,
                  known.leads(),
                  hosting.log.firstPosition(),
                  hosting.log.appliedPosition(),
                  List.of()));
        });
    return new WriterLogs(address, "writer-" + process.writer, address, world.plan.logs, logs);
  }
}
