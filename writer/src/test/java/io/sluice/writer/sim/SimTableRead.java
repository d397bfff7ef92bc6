package io.sluice.writer.sim;

import io.sluice.query.LogPlace;
import io.sluice.writer.buffer.HotRead;
import io.sluice.writer.buffer.HotRows;
import io.sluice.writer.buffer.ReloadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One read of a table, from a snapshot on; what it gives must be whole. */
final class SimTableRead {

  private final SimReader reader;
  private final World world;
  private final int table;
  private final SimTable.State snapshot;
  private final int times;
  private final long until;
  private final Map<Integer, List<Integer>> done = new TreeMap<>();
  private final Map<Integer, List<Sent>> before = new TreeMap<>();
  private final int[] attempts;
  private int wholeLogs;
  private boolean over;

  SimTableRead(SimReader reader, int table, SimTable.State snapshot, int times) {
    this.reader = reader;
    this.world = reader.world;
    this.table = table;
    this.snapshot = snapshot;
    this.times = times;
    this.attempts = new int[world.plan.logs];
    this.until = world.now() + reader.patience();
  }

  void open() {
    for (int log = 0; log < world.plan.logs; log++) {
      ask(log);
    }
  }

  private void ask(int log) {
    if (over) {
      return;
    }
    LogPlace place = reader.place(log);
    if (place == null) {
      later(log);
      return;
    }
    long old = world.hits(Fault.STALE_PLACE) ? world.between(0, 2 * Plan.SECOND) : 0;
    world.agenda.in(old, () -> ask(log, reader.writers.writer(place.leader())));
  }

  private void ask(int log, int writer) {
    if (over || done.containsKey(log)) {
      return;
    }
    SimProcess process = reader.writers.process(writer);
    if (process == null || !reader.writers.reaches(reader.client, writer)) {
      later(log);
      return;
    }
    List<Sent> stored = reader.writers.truth().stored(log, table);
    int attempt = ++attempts[log];
    world.agenda.in(world.around(3_000), process, () -> serve(log, process, stored));
    world.agenda.in(
        1_500_000,
        () -> {
          if (attempts[log] == attempt && !done.containsKey(log)) { // stopped, or gone
            later(log);
          }
        });
  }

  private void later(int log) {
    if (over || done.containsKey(log)) {
      return;
    }
    attempts[log]++;
    if (world.now() < until) {
      world.agenda.in(world.between(25_000, 200_000), () -> ask(log));
    } else {
      end("reads that could not be whole");
    }
  }

  private void end(String how) {
    if (!over) {
      over = true;
      reader.end(how);
    }
  }

  /** At the Writer. */
  private void serve(int log, SimProcess process, List<Sent> stored) {
    Hosting hosting = process.hostings.get(log);
    if (over || hosting == null || done.containsKey(log)) {
      return;
    }
    if (world.has(Flaw.READ_UNCONFIRMED) && hosting.log.leadership().leads()) {
      pin(log, process, hosting, 0, stored);
      return;
    }
    process.confirm(
        hosting,
        position -> {
          if (position == null) {
            world.agenda.in(world.around(3_000), () -> later(log));
          } else if (!over && !done.containsKey(log)) {
            pin(log, process, hosting, position, stored);
          }
        });
  }

  private void pin(int log, SimProcess process, Hosting hosting, long position, List<Sent> stored) {
    try {
      HotRead read =
          hosting.buffer.read(SimTables.KEYS.get(table), snapshot.mark(hosting.log.id()));
      if (read.to() < position) {
        throw new Violation("a read covers %d, and must %d", read.to(), position);
      }
      hosting.opened(read);
      done.put(log, new ArrayList<>());
      before.put(log, stored);
      watch(process);
      next(log, process, hosting, read);
    } catch (ReloadException e) {
      if (!over) {
        over = true;
        reader.again(table, times);
      }
    } catch (IOException e) {
      broken();
    }
  }

  /** A stream that breaks is an error: its end would have been said. */
  private void watch(SimProcess process) {
    world.agenda.in(
        300_000,
        () -> {
          if (over) {
            return;
          }
          if (process.isGone() || !reader.writers.reaches(reader.client, process.writer)) {
            broken();
          } else {
            watch(process);
          }
        });
  }

  /** Its rows, a few at a time. */
  private void next(int log, SimProcess process, Hosting hosting, HotRead read) {
    if (over) {
      hosting.closed(read);
      return;
    }
    boolean isSlow = world.hits(Fault.SLOW_READ);
    try {
      for (int i = isSlow ? 1 : Integer.MAX_VALUE; i > 0; i--) {
        if (read.isCut()) {
          throw new IOException("it was cut");
        }
        HotRows rows = read.next();
        if (rows == null) {
          hosting.closed(read);
          whole(log);
          return;
        }
        Hosting.add(rows, done.get(log));
      }
    } catch (IOException e) {
      hosting.closed(read);
      broken();
      return;
    }
    world.agenda.in(
        world.between(0, Plan.SECOND), process, () -> next(log, process, hosting, read));
  }

  private void broken() {
    if (!over) {
      world.tally.add("reads that broke");
      over = true;
      reader.again(table, times);
    }
  }

  private void whole(int log) {
    if (++wholeLogs < world.plan.logs || over) {
      return;
    }
    List<Integer> persisted = snapshot.rows();
    for (int each = 0; each < world.plan.logs; each++) {
      List<Integer> rows = new ArrayList<>(done.get(each));
      int of = each;
      persisted.stream().filter(row -> Sent.batch(row) % world.plan.logs == of).forEach(rows::add);
      reader.writers.truth().read(each, table, before.get(each), rows, true);
    }
    end("reads that were whole");
  }
}
